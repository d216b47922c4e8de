/** The document around every view of the page. */
import { PAGE_SCRIPT, PAGE_STYLE } from './headers';
import { html, Html } from './html';
import { catalogues } from './language';
import { type Language, languages, type Messages } from './messages/messages';

/** One visit's way of showing the page. */
export interface PageContext {
  /** The page's own address, without origin and query. */
  path: string;
  messages: Messages;
  /** For times and numbers: the language, with the attestation's region where they agree. */
  locale: string;
  /** Set where the signatory chose the language on the page; kept from view to view. */
  chosen?: Language | undefined;
}

/** What stands in the document's main part. `facts` are for the script. */
export interface View {
  title: string;
  body: Html;
  facts?: Record<string, string | number | undefined>;
  /** How soon the script asks whether the state has changed; absent where it cannot. */
  pollMs?: number | undefined;
  /** Whether a browser without scripts reloads the page by itself. */
  reloads?: boolean;
}

const RELOAD_SECONDS = 5;

/** The address of the page or of one of its actions, in the chosen language. */
export function addressOf({ path, chosen }: PageContext, action = ''): string {
  return `${path}${action}${chosen === undefined ? '' : `?lang=${chosen}`}`;
}

export function renderPage(context: PageContext, { title, body, facts = {}, pollMs, reloads }: View): string {
  const { messages, locale } = context;
  const attributes = Object.entries({ ...facts, page: context.path, address: addressOf(context), pollMs, locale })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => html` data-${kebab(name)}="${value}"`);
  return html`<!doctype html>
<html lang="${messages.language}" dir="${messages.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Html(PAGE_STYLE)}</style>
${reloads && html`<noscript><meta http-equiv="refresh" content="${RELOAD_SECONDS}; url=${addressOf(context)}" /></noscript>`}
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

function languageSwitch({ path, messages }: PageContext): Html {
  const links = languages.map((language) => {
    const current = language === messages.language && html` aria-current="true"`;
    return html`<li>
      <a href="${path}?lang=${language}" lang="${language}" hreflang="${language}" ${current}
        >${catalogues[language].languageName}</a
      >
    </li>`;
  });
  return html`<nav aria-label="${messages.chooseLanguage}">
    <ul>
      ${links}
    </ul>
  </nav>`;
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
