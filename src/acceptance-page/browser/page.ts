/**
 * The page's script, inlined into every page. The page works without it; with it, the page follows the run's state and
 * survives a bad connection. It never builds markup: it replaces its `main` with the `main` of a page that the server sent.
 */
import { type PageStatus, TIME_FORMAT } from './shared';

const FIVE_MINUTES_MS = 300_000;
const MAX_POLL_MS = 30_000;
const REQUEST_TIMEOUT_MS = 15_000;

let endsAt = Infinity; // by performance.now(): the customer's own clock may be wrong or change
let pollMs = Infinity;
let timer: ReturnType<typeof setTimeout> | undefined;
let isChecking = false;
let isSending = false;
const reportedVisits = new Set<string>();

function getMain(): HTMLElement {
  return document.querySelector('main')!;
}

/** What the server says about the view, in `data-` attributes. */
function getFacts(): DOMStringMap {
  return getMain().dataset;
}

function startView(): void {
  const facts = getFacts();
  pollMs = facts['pollMs'] === undefined ? Infinity : Number(facts['pollMs']);
  endsAt = facts['remainingMs'] === undefined ? Infinity : performance.now() + Number(facts['remainingMs']);
  const time = new Intl.DateTimeFormat(facts['locale'], TIME_FORMAT);
  for (const element of getMain().querySelectorAll('time')) {
    element.textContent = time.format(new Date(element.dateTime));
  }
  keepAcceptanceId();
  showTimeLeft();
  if (facts['state'] === 'awaiting' || facts['state'] === 'ranOut') reportVisit('opened');
  scheduleCheck();
}

/** Keeps the id across a reload, so that an acceptance sent twice counts once. After a refusal a new id is needed. */
function keepAcceptanceId(): void {
  const input = getMain().querySelector<HTMLInputElement>('input[name=acceptanceId]');
  if (input === null) return;
  const { page, acceptanceKey } = getFacts();
  const key = `acceptance ${page} ${acceptanceKey}`;
  try {
    const kept = sessionStorage.getItem(key);
    if (kept === null) sessionStorage.setItem(key, input.value);
    else input.value = kept;
  } catch {
    // Storage is switched off: the id lives as long as this page.
  }
}

function showTimeLeft(): void {
  const remainingMs = endsAt - performance.now();
  const { timeLeftText, endsSoon, locale } = getFacts();
  const element = getMain().querySelector('[data-time-left]');
  if (element !== null && timeLeftText !== undefined) {
    const minutes = Math.max(0, Math.ceil(remainingMs / 60_000));
    const [amount, unit] =
      minutes >= 2880 ? [minutes / 1440, 'day'] : minutes >= 120 ? [minutes / 60, 'hour'] : [minutes, 'minute'];
    const duration = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' });
    setText(element, timeLeftText.replace('{duration}', duration.format(Math.floor(amount))));
  }
  setText(getMain().querySelector('[data-warning]'), remainingMs < FIVE_MINUTES_MS ? (endsSoon ?? '') : '');
  if (remainingMs <= 0 && endsAt !== Infinity) {
    endsAt = Infinity;
    pollMs = 1_000;
    void checkStatus();
  }
}

/** Does nothing if the text is unchanged: a screen reader speaks whenever the text of a live region is set. */
function setText(element: Element | null, text: string): void {
  if (element !== null && element.textContent !== text) element.textContent = text;
}

function scheduleCheck(): void {
  clearTimeout(timer);
  if (pollMs < Infinity) timer = setTimeout(() => void checkStatus(), pollMs);
  pollMs = Math.max(pollMs, Math.min(pollMs * 1.5, MAX_POLL_MS));
}

/** Asks the server for the state, and loads the page again when another view is due. */
async function checkStatus(): Promise<void> {
  if (isChecking || isSending || document.visibilityState === 'hidden') return;
  isChecking = true;
  try {
    const { page, address, state, version } = getFacts();
    const response = await fetch(`${page}/status`, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    const status = (await response.json()) as PageStatus;
    // Microsoft's window stays open while no worker answers: the customer may be reading in it.
    const isTemporary = status.state === 'unavailable' || (status.state === 'noWorker' && state === 'awaiting');
    if (response.status === 429 || isTemporary) return;
    if (status.version !== version) showView(await readMarkup(await fetch(address!)));
    else if (status.remainingMs !== undefined) endsAt = performance.now() + Math.max(1_000, status.remainingMs);
  } catch {
    // No connection, or no answer: the next check asks again.
  } finally {
    isChecking = false;
    scheduleCheck();
  }
}

async function readMarkup(response: Response): Promise<string> {
  if (response.status === 429 || response.status >= 500) throw new Error(`${response.status}`);
  return response.text();
}

function showView(markup: string): void {
  const next = new DOMParser().parseFromString(markup, 'text/html');
  const view = next.querySelector('main');
  if (view === null) throw new Error('no page');
  getMain().replaceWith(view);
  document.title = next.title;
  startView();
  getMain().querySelector('h1')?.focus();
}

async function sendForm(form: HTMLFormElement): Promise<void> {
  if (isSending) return;
  isSending = true;
  form.setAttribute('aria-busy', 'true');
  const problem = form.querySelector('.problem');
  setText(problem, '');
  try {
    const body = new URLSearchParams([...new FormData(form)] as [string, string][]);
    const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    showView(await readMarkup(await fetch(form.action, { method: 'POST', body, signal })));
  } catch {
    setText(problem, getFacts()['notSaved'] ?? '');
  } finally {
    isSending = false;
    form.removeAttribute('aria-busy');
    scheduleCheck();
  }
}

/** Reports a visit once per round. Sent by script, so that a mail scanner that fetches the link is not counted. */
function reportVisit(event: 'opened' | 'frameUsed'): void {
  const { page, round = '' } = getFacts();
  if (reportedVisits.has(`${event} ${round}`)) return;
  reportedVisits.add(`${event} ${round}`);
  const body = new URLSearchParams({ event, round });
  fetch(`${page}/visit`, { method: 'POST', body, keepalive: true }).catch(() => undefined);
}

document.addEventListener('submit', (event) => {
  event.preventDefault();
  void sendForm(event.target as HTMLFormElement);
});
document.addEventListener('visibilitychange', () => void checkStatus());
addEventListener('online', () => void checkStatus());
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) void checkStatus();
});
// A click into a frame of another origin shows only as the loss of focus to it.
addEventListener('blur', () => {
  setTimeout(() => {
    const frame = getMain().querySelector('iframe');
    if (frame !== null && document.activeElement === frame) reportVisit('frameUsed');
  });
});
// A message from the frame is no proof of acceptance: it only highlights the next step.
addEventListener('message', ({ origin, source }) => {
  const frame = getMain().querySelector('iframe');
  if (frame === null || source !== frame.contentWindow || origin !== getFacts()['frameOrigin']) return;
  getMain().querySelector('[data-step-2]')?.classList.add('next');
});

startView();
setInterval(showTimeLeft, 1_000);
