/** The views that only tell something, and those of what went wrong. */
import { html, type Html, nameOf } from './html';
import type { Signatory } from './linked-run';
import { addressOf, type PageContext, type View } from './page';
import type { NoticeKind } from './page-state';

type Tone = 'done' | 'waiting' | 'ended';

/** How a notice looks, and how soon the script asks again; a notice without an interval is the last word. */
const notices: Record<NoticeKind, { tone: Tone; pollMs?: number }> = {
  preparing: { tone: 'waiting', pollMs: 1_000 },
  noWorker: { tone: 'waiting', pollMs: 3_000 },
  saved: { tone: 'waiting', pollMs: 1_000 },
  attention: { tone: 'waiting', pollMs: 30_000 },
  attentionAfterAcceptance: { tone: 'waiting', pollMs: 30_000 },
  created: { tone: 'done' },
  alreadyExists: { tone: 'done' },
  expired: { tone: 'ended' },
  expiredUnconfirmed: { tone: 'ended' },
  declined: { tone: 'ended' },
  declinedWrongPerson: { tone: 'ended' },
  withdrawn: { tone: 'ended' },
  failed: { tone: 'ended' },
  replaced: { tone: 'ended' },
  rejected: { tone: 'ended' },
};

export function noticeView(context: PageContext, { company }: Signatory, kind: NoticeKind): View {
  const { messages } = context;
  const { tone, pollMs } = notices[kind];
  const { title, text } = messages[kind];
  const again = pollMs !== undefined && checkAgain(context, messages.checkAgain);
  return {
    title,
    pollMs,
    reloads: pollMs !== undefined && pollMs < 10_000,
    facts: { state: kind, version: kind },
    body: card(
      tone,
      title,
      html`<p>${text(nameOf(company))}</p>
        ${again}`,
    ),
  };
}

/** The same for every link that leads nowhere: a wrong one learns nothing from it. */
export function unknownLinkView({ messages }: PageContext): View {
  const { title, text } = messages.unknownLink;
  return { title, body: card('ended', title, html`<p>${text}</p>`), facts: { state: 'unknown', version: 'unknown' } };
}

export function tooOftenView({ messages }: PageContext): View {
  const { title, text } = messages.tooOften;
  return { title, body: card('ended', title, html`<p>${text}</p>`), facts: { state: 'tooOften', version: 'tooOften' } };
}

export function unavailableView(context: PageContext): View {
  const { title, text } = context.messages.unavailable;
  return {
    title,
    pollMs: 5_000,
    reloads: true,
    facts: { state: 'unavailable', version: 'unavailable' },
    body: card(
      'waiting',
      title,
      html`<p>${text}</p>
        ${checkAgain(context, context.messages.tryAgain)}`,
    ),
  };
}

/** The signatory's answer once more, ready to be sent again with the same acceptance id. */
export function notSavedView(context: PageContext, action: string, fields: Record<string, string>): View {
  const { notSaved, tryAgain } = context.messages;
  const inputs = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
  const form = html`<form method="post" action="${addressOf(context, action)}">
    ${inputs}<button type="submit">${tryAgain}</button>
    <p class="problem" role="alert"></p>
  </form>`;
  return {
    title: notSaved.title,
    facts: { state: 'notSaved', version: 'notSaved', notSaved: `${notSaved.title}. ${notSaved.text}` },
    body: card(
      'waiting',
      notSaved.title,
      html`<p>${notSaved.text}</p>
        ${form}`,
    ),
  };
}

function checkAgain(context: PageContext, text: string): Html {
  return html`<p><a class="button quiet" href="${addressOf(context)}">${text}</a></p>`;
}

function card(tone: Tone, title: string, content: Html): Html {
  return html`<div class="card ${tone}">
    <svg viewBox="0 0 24 24" aria-hidden="true"><path d="${shapes[tone]}" /></svg>
    <h1 tabindex="-1">${title}</h1>
    ${content}
  </div>`;
}

/** Decoration only: the title says the same in words. */
const shapes: Record<Tone, string> = {
  done: 'M5 12.5l4.5 4.5L19 7.5',
  waiting: 'M12 6v6l4 2.5',
  ended: 'M12 7v6M12 16.5v.5',
};
