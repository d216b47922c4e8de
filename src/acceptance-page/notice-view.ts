/** The views that ask the signatory nothing, and the error views. */
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
  const more = pollMs !== undefined && reloadLink(context, messages.checkAgain);
  return cardView(kind, { tone, title, text: format(text, { company: isolate(company) }), more, pollMs });
}

/** The same for every invalid link, so that a guess reveals nothing. */
export function unknownLinkView({ messages }: PageContext): View {
  return cardView('unknown', { tone: 'ended', ...messages.unknownLink });
}

export function tooOftenView({ messages }: PageContext): View {
  return cardView('tooOften', { tone: 'ended', ...messages.tooOften });
}

export function unavailableView(context: PageContext): View {
  const { unavailable, tryAgain } = context.messages;
  const more = reloadLink(context, tryAgain);
  return cardView('unavailable', { tone: 'waiting', ...unavailable, more, pollMs: 5_000 });
}

/** Holds what the signatory sent, so that one click sends it again with the same acceptance id. */
export function notSavedView(context: PageContext, action: string, fields: Record<string, string>): View {
  const { notSaved, tryAgain } = context.messages;
  const inputs = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
  const more = html`<form method="post" action="${buildUrl(context, action)}">
    ${inputs}<button type="submit">${tryAgain}</button>
    <p class="problem" role="alert"></p>
  </form>`;
  const view = cardView('notSaved', { tone: 'waiting', ...notSaved, more });
  return { ...view, facts: { ...view.facts, notSaved: `${notSaved.title}. ${notSaved.text}` } };
}

function reloadLink(context: PageContext, text: string): Html {
  return html`<p><a class="button quiet" href="${buildUrl(context)}">${text}</a></p>`;
}

interface Card extends Notice {
  title: string;
  text: string | Html;
  /** A link or a form below the text. */
  more?: Html | false;
}

function cardView(state: string, { tone, title, text, more, pollMs }: Card): View {
  return {
    title,
    pollMs,
    facts: { state, version: state },
    body: html`<div class="card ${tone}">
      <svg viewBox="0 0 24 24" aria-hidden="true"><path d="${icons[tone]}" /></svg>
      <h1 tabindex="-1">${title}</h1>
      <p>${text}</p>
      ${more}
    </div>`,
  };
}
