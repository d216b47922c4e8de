/** The views without a question, and the views of what went wrong. */
import { buildUrl, type PageContext, type View } from './document';
import { format, html, type Html, isolate } from './html';
import type { Signatory } from './linked-runs';
import { type Notice, type NoticeKind, notices } from './page-state';

/** Decoration only: the title says the same in words. */
const icons: Record<Notice['tone'], string> = {
  done: 'M5 12.5l4.5 4.5L19 7.5',
  waiting: 'M12 6v6l4 2.5',
  ended: 'M12 7v6M12 16.5v.5',
};

export function noticeView(context: PageContext, { company }: Signatory, kind: NoticeKind): View {
  const { messages } = context;
  const { tone, pollMs }: Notice = notices[kind];
  const { title, text } = messages[kind];
  return {
    title,
    pollMs,
    reloads: pollMs !== undefined && pollMs < 10_000,
    facts: { state: kind, version: kind },
    body: card(
      tone,
      title,
      format(text, { company: isolate(company) }),
      pollMs !== undefined && reloadLink(context, messages.checkAgain),
    ),
  };
}

/** The same for every invalid link, so that a guess reveals nothing. */
export function unknownLinkView({ messages }: PageContext): View {
  return endedView('unknown', messages.unknownLink);
}

export function tooOftenView({ messages }: PageContext): View {
  return endedView('tooOften', messages.tooOften);
}

function endedView(state: string, { title, text }: { title: string; text: string }): View {
  return { title, body: card('ended', title, text), facts: { state, version: state } };
}

export function unavailableView(context: PageContext): View {
  const { title, text } = context.messages.unavailable;
  return {
    title,
    pollMs: 5_000,
    reloads: true,
    facts: { state: 'unavailable', version: 'unavailable' },
    body: card('waiting', title, text, reloadLink(context, context.messages.tryAgain)),
  };
}

/** Holds what the signatory sent, so that one press sends it again with the same acceptance id. */
export function notSavedView(context: PageContext, action: string, fields: Record<string, string>): View {
  const { notSaved, tryAgain } = context.messages;
  const inputs = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
  const form = html`<form method="post" action="${buildUrl(context, action)}">
    ${inputs}<button type="submit">${tryAgain}</button>
    <p class="problem" role="alert"></p>
  </form>`;
  return {
    title: notSaved.title,
    facts: { state: 'notSaved', version: 'notSaved', notSaved: `${notSaved.title}. ${notSaved.text}` },
    body: card('waiting', notSaved.title, notSaved.text, form),
  };
}

function reloadLink(context: PageContext, text: string): Html {
  return html`<p><a class="button quiet" href="${buildUrl(context)}">${text}</a></p>`;
}

function card(tone: Notice['tone'], title: string, text: string | Html, more: Html | false = false): Html {
  return html`<div class="card ${tone}">
    <svg viewBox="0 0 24 24" aria-hidden="true"><path d="${icons[tone]}" /></svg>
    <h1 tabindex="-1">${title}</h1>
    <p>${text}</p>
    ${more}
  </div>`;
}
