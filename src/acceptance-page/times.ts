import { TIME_FORMAT } from './browser/shared';
import { html, type Html } from './html';

/** A moment in UTC, which the page's script rewrites in the browser's zone. */
export function timeOf(iso: string, locale: string): Html {
  const shown = new Intl.DateTimeFormat(locale, { ...TIME_FORMAT, timeZone: 'UTC' }).format(new Date(iso));
  return html`<time datetime="${iso}">${shown}</time>`;
}
