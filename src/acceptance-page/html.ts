import { TIME_FORMAT } from './browser/shared';

/** Markup that is safe to send. Every other value is text, which `html` and `format` escape. */
export class Html {
  constructor(readonly markup: string) {}
}

type Part = Html | string | number | false | undefined | readonly Html[];

/** Builds markup. Every part that is not `Html` is escaped; `false` and `undefined` are left out. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(strings.reduce((markup, string, index) => `${markup}${toMarkup(parts[index - 1])}${string}`));
}

/** Fills the `{placeholders}` of a text from a locale; everything that is not `Html` is escaped. */
export function format(text: string, values: Record<string, Html>): Html {
  const parts = text.split(/\{(\w+)\}/); // texts and placeholder names alternate
  return new Html(
    parts.map((part, index) => toMarkup(index % 2 === 0 ? part : (values[part] ?? `{${part}}`))).join(''),
  );
}

/** The name of a person or company, isolated so that it cannot change the direction of the text around it. */
export function isolate(name: string): Html {
  return html`<bdi>${name}</bdi>`;
}

/** A time in UTC, which the page's script rewrites in the browser's time zone. */
export function renderTime(iso: string, locale: string): Html {
  const shown = new Intl.DateTimeFormat(locale, { ...TIME_FORMAT, timeZone: 'UTC' }).format(new Date(iso));
  return html`<time datetime="${iso}">${shown}</time>`;
}

function toMarkup(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Html) return part.markup;
  if (typeof part === 'object') return part.map(({ markup }) => markup).join('');
  return String(part).replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
