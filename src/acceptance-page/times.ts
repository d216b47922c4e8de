import { html, type Html } from './html';

/** How the page writes a moment, on the server in UTC and in the browser in its own zone. */
export const TIME_FORMAT = {
  year: 'numeric',
  month: 'long',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  timeZoneName: 'short',
} as const;

/** A moment in UTC, which the page's script rewrites in the browser's zone. */
export function timeOf(iso: string, locale: string): Html {
  const shown = new Intl.DateTimeFormat(locale, { ...TIME_FORMAT, timeZone: 'UTC' }).format(new Date(iso));
  return html`<time datetime="${iso}">${shown}</time>`;
}
