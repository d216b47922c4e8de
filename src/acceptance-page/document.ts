/** The HTML document around every view of the page. */
import { PAGE_SCRIPT, PAGE_STYLE } from './headers';
import { html, Html } from './html';
import { type Language, languages, locales, type Messages } from './language';

/** How to render the page for one request. */
export interface PageContext {
  /** The page's own URL, without origin and query. */
  path: string;
  language: Language;
  messages: Messages;
  /** The locale of times and numbers: the language, with a region if one is known. */
  locale: string;
  /** The language that the signatory chose on the page, which every further URL repeats. */
  chosen?: Language | undefined;
}

/** The content of the document's `main`. */
export interface View {
  title: string;
  body: Html;
  /** What the script needs to know, as `data-` attributes. */
  facts: { state: string; version: string } & Record<string, string | number | undefined>;
  /** How long the script waits before it asks for the state again; if absent, it never asks. */
  pollMs?: number;
}

/** The URL of the page, or of one of its actions, in the chosen language. */
export function buildUrl({ path, chosen }: PageContext, action = ''): string {
  return `${path}${action}${chosen === undefined ? '' : `?lang=${chosen}`}`;
}

export function renderPage(context: PageContext, { title, body, facts, pollMs }: View): string {
  const { language, messages, locale } = context;
  const reloads = pollMs !== undefined && pollMs < 10_000; // a browser without scripts reloads the page by itself
  const attributes = Object.entries({ ...facts, page: context.path, address: buildUrl(context), pollMs, locale })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => html` data-${toKebabCase(name)}="${value}"`);
  return html`<!doctype html>
<html lang="${language}" dir="${messages.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Html(PAGE_STYLE)}</style>
${reloads && html`<noscript><meta http-equiv="refresh" content="5; url=${buildUrl(context)}" /></noscript>`}
</head>
<body>
<header><p class="brand">${messages.agreement}</p>${languageSwitch(context)}</header>
<main${attributes}>${body}</main>
<footer><p>${messages.footer}</p></footer>
<script>${new Html(PAGE_SCRIPT)}</script>
</body>
</html>
`.markup;
}

function languageSwitch({ path, language: current, messages }: PageContext): Html {
  const links = languages.map((language) => {
    const marker = language === current && html` aria-current="true"`;
    return html`<li>
      <a href="${path}?lang=${language}" lang="${language}" hreflang="${language}" ${marker}
        >${locales[language].languageName}</a
      >
    </li>`;
  });
  return html`<nav aria-label="${messages.chooseLanguage}">
    <ul>
      ${links}
    </ul>
  </nav>`;
}

function toKebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
