/** The views in which the signatory acts: Microsoft's window with the two steps, and the window that has closed. */
import { randomUUID } from 'node:crypto';
import { textLimits } from '../onboarding/acceptance';
import { buildMicrosoftPageUrl } from '../onboarding/acceptance-link';
import { buildUrl, type PageContext, type View } from './document';
import { format, html, type Html, isolate, renderTime } from './html';
import { STATEMENT_ID } from './language';
import type { Signatory } from './linked-runs';
import { type AwaitingState, getVersion, type RanOutState } from './page-state';

/** The name of the button in Microsoft's window; whether Microsoft translates it is not documented. */
const button = html`<strong lang="en">Accept Agreement</strong>`;
const POLL_MS = 30_000; // before it expires, which the script knows itself, only another tab or the partner can change this state

type OpenState = AwaitingState | RanOutState;

interface AgreementPage {
  context: PageContext;
  signatory: Signatory;
  state: OpenState;
  microsoftPageUrl: string;
  isStatementMissing?: boolean;
}

export function agreementView(page: AgreementPage): View {
  const { context, signatory, state, microsoftPageUrl } = page;
  const { messages } = context;
  const company = isolate(signatory.company);
  return {
    title: messages.agreement,
    pollMs: POLL_MS,
    facts: buildFacts(context, state, microsoftPageUrl),
    body: html` <div class="intro">
        <h1 tabindex="-1">${format(messages.heading, { company })}</h1>
        <p>${format(messages.introduction, { company })}</p>
        <dl>
          <div>
            <dt>${messages.company}</dt>
            <dd>${company}</dd>
          </div>
          <div>
            <dt>${messages.signatory}</dt>
            <dd>${isolate(signatory.name)}</dd>
          </div>
        </dl>
      </div>
      <p class="warning" role="status" data-warning></p>
      ${
        state.kind === 'awaiting'
          ? html`<div class="steps">
              ${firstStep(context, state, microsoftPageUrl)}
              <div class="answers">
                ${state.isRefused && refusalNotice(context)}${secondStep(page)}${otherAnswers(page)}
              </div>
            </div>`
          : html`<div class="answers narrow">${ranOutQuestion(page, state)}${otherAnswers(page)}</div>`
      }`,
  };
}

function buildFacts({ messages }: PageContext, state: OpenState, microsoftPageUrl: string): View['facts'] {
  const canReopen = state.kind === 'awaiting' && state.isRenewable;
  return {
    state: state.kind,
    version: getVersion(state),
    acceptanceKey: state.acceptanceKey,
    round: state.round,
    remainingMs: state.remainingMs,
    frameOrigin: new URL(microsoftPageUrl).origin,
    timeLeftText: messages.timeLeft,
    endsSoon: canReopen ? messages.windowEndsSoon : messages.linkEndsSoon,
    notSaved: `${messages.notSaved.title}. ${messages.notSaved.text}`,
  };
}

function firstStep({ messages, locale }: PageContext, state: AwaitingState, microsoftPageUrl: string): Html {
  const address = buildMicrosoftPageUrl(microsoftPageUrl, state.attestationId);
  return html`<section class="step" aria-labelledby="step-1">
    <h2 id="step-1">${format(messages.step1, { button })}</h2>
    <p>${messages.step1Text}</p>
    <iframe src="${address}" title="${messages.frameTitle}" referrerpolicy="no-referrer"></iframe>
    <p class="beside">
      <a class="button quiet" href="${address}" target="_blank" rel="noopener noreferrer">${messages.openInNewTab}</a>
      <span>${messages.newTabReason}</span>
    </p>
    <p class="time">
      ${format(messages.openUntil, { time: renderTime(state.expiresAt, locale) })} <span data-time-left></span>
    </p>
  </section>`;
}

function refusalNotice({ messages: { refused } }: PageContext): Html {
  return html`<div class="notice">
    <h2>${refused.title}</h2>
    <p>${format(refused.text, { button })}</p>
  </div>`;
}

function secondStep(page: AgreementPage): Html {
  const { messages } = page.context;
  return html`<section class="step" aria-labelledby="step-2" data-step-2>
    <h2 id="step-2">${messages.step2}</h2>
    <p>${format(messages.step2Text, { button })}</p>
    ${acceptanceForm(page, messages.finish)}
  </section>`;
}

function acceptanceForm({ context, signatory, state, isStatementMissing }: AgreementPage, label: string): Html {
  const { messages } = context;
  const names = { name: isolate(signatory.name), company: isolate(signatory.company) };
  return html`<form method="post" action="${buildUrl(context, '/accepted')}">
    <input type="hidden" name="round" value="${state.round}" />
    <input type="hidden" name="acceptanceId" value="${randomUUID()}" autocomplete="off" />
    <label class="statement"
      ><input type="checkbox" name="statement" value="${STATEMENT_ID}" required />
      <span>${format(messages.statement, names)}</span></label
    >
    <button type="submit">${label}</button>
    <p class="problem" role="alert">${isStatementMissing && messages.statementMissing}</p>
  </form>`;
}

/** Each ends the request for good, so it asks for confirmation first. */
function otherAnswers({ context, signatory }: AgreementPage): Html {
  const { doesNotAccept, wrongPerson, otherwise } = context.messages;
  const answer = (code: string, texts: typeof doesNotAccept) =>
    html`<details>
      <summary>${format(texts.summary, { name: isolate(signatory.name) })}</summary>
      <form method="post" action="${buildUrl(context, '/declined')}">
        <p>${texts.consequence}</p>
        <input type="hidden" name="code" value="${code}" />
        <label>${texts.comment}<textarea name="comment" rows="2" maxlength="${textLimits.comment}"></textarea></label>
        <button type="submit" class="ending">${texts.button}</button>
        <p class="problem" role="alert"></p>
      </form>
    </details>`;
  return html`<section class="otherwise" aria-labelledby="otherwise">
    <h2 id="otherwise">${otherwise}</h2>
    ${answer('doesNotAccept', doesNotAccept)} ${answer('wrongPerson', wrongPerson)}
  </section>`;
}

function ranOutQuestion(page: AgreementPage, state: RanOutState): Html {
  const { context } = page;
  const { ranOut, refused } = context.messages;
  const renewalForm = (label: string, style: string) =>
    html`<form method="post" action="${buildUrl(context, '/renew')}">
      <button type="submit" class="${style}">${label}</button>
      <p class="problem" role="alert"></p>
    </form>`;
  if (state.isRefused) {
    return html`<section class="step" aria-labelledby="question">
      <h2 id="question">${refused.title}</h2>
      <p>${ranOut.refusedText}</p>
      ${renewalForm(ranOut.renew, '')}
    </section>`;
  }
  return html`<section class="step" aria-labelledby="question">
    <h2 id="question">${ranOut.title}</h2>
    <p>${format(ranOut.text, { linkEnd: renderTime(state.linkEnd, context.locale) })}</p>
    <h3>${format(ranOut.question, { button })}</h3>
    ${acceptanceForm(page, ranOut.yes)} ${renewalForm(ranOut.no, 'quiet')}
  </section>`;
}
