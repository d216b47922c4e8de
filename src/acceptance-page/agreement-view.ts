/** The views in which the signatory acts: Microsoft's window with the two steps, and the window that has closed. */
import { randomUUID } from 'node:crypto';
import { html, type Html, nameOf } from './html';
import type { Signatory } from './linked-run';
import { STATEMENT_ID } from './messages/messages';
import { addressOf, type PageContext, type View } from './page';
import { type AwaitingState, type RanOutState, versionOf } from './page-state';
import { timeOf } from './times';

/** The button's name in Microsoft's window; in which languages Microsoft shows it is not documented. */
const MICROSOFTS_BUTTON = html`<strong lang="en">Accept Agreement</strong>`;
const POLL_MS = 30_000; // the state changes here only through other tabs, the partner, or its own end, which is known

interface AgreementViewOptions {
  acceptanceUrl: string;
  /** The signatory pressed Finish without the sentence. */
  isStatementMissing?: boolean | undefined;
}

type OpenState = AwaitingState | RanOutState;

export function agreementView(
  context: PageContext,
  signatory: Signatory,
  state: OpenState,
  { acceptanceUrl, isStatementMissing = false }: AgreementViewOptions,
): View {
  const { messages } = context;
  const company = nameOf(signatory.company);
  const name = nameOf(signatory.name);
  return {
    title: messages.agreement,
    pollMs: POLL_MS,
    facts: factsOf(context, state, acceptanceUrl),
    body: html` <div class="intro">
        <h1 tabindex="-1">${messages.heading(company)}</h1>
        <p>${messages.introduction(company)}</p>
        <dl>
          <div>
            <dt>${messages.company}</dt>
            <dd>${company}</dd>
          </div>
          <div>
            <dt>${messages.signatory}</dt>
            <dd>${name}</dd>
          </div>
        </dl>
      </div>
      <p class="warning" role="status" data-warning></p>
      ${
        state.kind === 'awaiting'
          ? html`<div class="steps">
              ${firstStep(context, state, acceptanceUrl)}
              <div class="answers">
                ${refusalNotice(context, state)}${secondStep(context, signatory, state, isStatementMissing)}${otherAnswers(context, name)}
              </div>
            </div>`
          : html`<div class="answers narrow">
              ${ranOutQuestion(context, signatory, state, isStatementMissing)}${otherAnswers(context, name)}
            </div>`
      }`,
  };
}

function factsOf({ messages }: PageContext, state: OpenState, acceptanceUrl: string): NonNullable<View['facts']> {
  const canReopen = state.kind === 'awaiting' && state.isRenewable;
  return {
    state: state.kind,
    version: versionOf(state),
    attempt: state.attempt,
    round: state.round,
    remainingMs: state.remainingMs,
    frameOrigin: new URL(acceptanceUrl).origin,
    timeLeftText: messages.timeLeft,
    endsSoon: canReopen ? messages.windowEndsSoon : messages.linkEndsSoon,
    notSaved: `${messages.notSaved.title}. ${messages.notSaved.text}`,
  };
}

function firstStep({ messages, locale }: PageContext, state: AwaitingState, acceptanceUrl: string): Html {
  const address = new URL(acceptanceUrl);
  address.searchParams.set('attestationid', state.attestationId);
  return html`<section class="step" aria-labelledby="step-1">
    <h2 id="step-1">${messages.step1(MICROSOFTS_BUTTON)}</h2>
    <p>${messages.step1Text}</p>
    <iframe src="${address.href}" title="${messages.frameTitle}" referrerpolicy="no-referrer"></iframe>
    <p class="beside">
      <a class="button quiet" href="${address.href}" target="_blank" rel="noopener noreferrer"
        >${messages.openInNewTab}</a
      >
      <span>${messages.newTabReason}</span>
    </p>
    <p class="time">${messages.openUntil(timeOf(state.expiresAt, locale))} <span data-time-left></span></p>
  </section>`;
}

function refusalNotice({ messages }: PageContext, { isRefused }: AwaitingState): Html | undefined {
  if (!isRefused) return undefined;
  return html`<div class="notice">
    <h2>${messages.refused.title}</h2>
    <p>${messages.refused.text(MICROSOFTS_BUTTON)}</p>
  </div>`;
}

function secondStep(context: PageContext, signatory: Signatory, state: OpenState, isStatementMissing: boolean): Html {
  const { messages } = context;
  return html`<section class="step" aria-labelledby="step-2" data-step-2>
    <h2 id="step-2">${messages.step2}</h2>
    <p>${messages.step2Text(MICROSOFTS_BUTTON)}</p>
    ${acceptedForm(context, signatory, state, { isStatementMissing, button: messages.finish })}
  </section>`;
}

function acceptedForm(
  context: PageContext,
  { name, company }: Signatory,
  { round }: OpenState,
  { isStatementMissing, button }: { isStatementMissing: boolean; button: string },
): Html {
  const { messages } = context;
  return html`<form method="post" action="${addressOf(context, '/accepted')}">
    <input type="hidden" name="round" value="${round}" />
    <input type="hidden" name="acceptanceId" value="${randomUUID()}" autocomplete="off" />
    <label class="statement"
      ><input type="checkbox" name="statement" value="${STATEMENT_ID}" required />
      <span>${messages.statement(nameOf(name), nameOf(company))}</span></label
    >
    <button type="submit">${button}</button>
    <p class="problem" role="alert">${isStatementMissing && messages.statementMissing}</p>
  </form>`;
}

/** Both end the request for good, so each asks once more before it does. */
function otherAnswers(context: PageContext, name: Html): Html {
  const { doesNotAccept, wrongPerson, otherwise } = context.messages;
  const answer = (code: string, summary: Html, texts: { consequence: string; comment: string; button: string }) =>
    html`<details>
      <summary>${summary}</summary>
      <form method="post" action="${addressOf(context, '/declined')}">
        <p>${texts.consequence}</p>
        <input type="hidden" name="code" value="${code}" />
        <label>${texts.comment}<textarea name="comment" rows="2" maxlength="1000"></textarea></label>
        <button type="submit" class="ending">${texts.button}</button>
        <p class="problem" role="alert"></p>
      </form>
    </details>`;
  return html`<section class="otherwise" aria-labelledby="otherwise">
    <h2 id="otherwise">${otherwise}</h2>
    ${answer('doesNotAccept', html`${doesNotAccept.summary}`, doesNotAccept)}
    ${answer('wrongPerson', wrongPerson.summary(name), wrongPerson)}
  </section>`;
}

function ranOutQuestion(
  context: PageContext,
  signatory: Signatory,
  state: RanOutState,
  isStatementMissing: boolean,
): Html {
  const { ranOut, refused } = context.messages;
  const renewal = (button: string, style: string) =>
    html`<form method="post" action="${addressOf(context, '/renew')}">
      <button type="submit" class="${style}">${button}</button>
      <p class="problem" role="alert"></p>
    </form>`;
  const linkEnd = timeOf(state.linkEnd, context.locale);
  if (state.isRefused) {
    return html`<section class="step" aria-labelledby="question">
      <h2 id="question">${refused.title}</h2>
      <p>${ranOut.refusedText}</p>
      ${renewal(ranOut.renew, '')}
    </section>`;
  }
  return html`<section class="step" aria-labelledby="question">
    <h2 id="question">${ranOut.title}</h2>
    <p>${ranOut.text(linkEnd)}</p>
    <h3>${ranOut.question(MICROSOFTS_BUTTON)}</h3>
    ${acceptedForm(context, signatory, state, { isStatementMissing, button: ranOut.yes })}
    ${renewal(ranOut.no, 'quiet')}
  </section>`;
}
