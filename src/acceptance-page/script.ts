// oxlint-disable unicorn/consistent-function-scoping -- the outer function is sent as text: what it uses stands in it
/** The page's script. The page works without it; with it, it keeps itself up to date and loses nothing on a bad line. */
import type { Browser, BrowserElement } from './browser';
import type { PageStatus } from './page-state';
import { TIME_FORMAT } from './times';

/**
 * Runs in the browser, as the text of this function: it may use nothing from outside itself but its argument. It never
 * builds markup: every view comes from the server, and it only puts the server's `main` in the place of its own.
 */
/* istanbul ignore next -- counters of coverage do not exist in the browser */
function keepPageAlive(timeFormat: Intl.DateTimeFormatOptions): void {
  const browser = globalThis as unknown as Browser;
  const { document } = browser;
  const FIVE_MINUTES_MS = 300_000;
  const SLOWEST_POLL_MS = 30_000;
  const ANSWER_WITHIN_MS = 15_000;

  let endsAt = Infinity; // on the monotonic clock: the customer's own may be wrong or be set meanwhile
  let pollMs = Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isChecking = false;
  let isSending = false;
  const reported = new Set<string>();

  const main = (): BrowserElement => document.querySelector('main')!;
  const facts = (): Record<string, string | undefined> => main().dataset;

  function begin(): void {
    const { pollMs: poll, remainingMs, state } = facts();
    pollMs = poll === undefined ? Infinity : Number(poll);
    endsAt = remainingMs === undefined ? Infinity : performance.now() + Number(remainingMs);
    const time = new Intl.DateTimeFormat(facts()['locale'], timeFormat);
    for (const element of main().querySelectorAll('time')) {
      element.textContent = time.format(new Date(element.dateTime));
    }
    keepAcceptanceId();
    showTimeLeft();
    if (state === 'awaiting' || state === 'ranOut') report('opened');
    checkLater();
  }

  /** The same id after a reload, and another after a refusal: what was sent twice counts once. */
  function keepAcceptanceId(): void {
    const input = main().querySelector('input[name=acceptanceId]');
    if (input === null) return;
    const { page, attempt } = facts();
    const key = `acceptance ${page} ${attempt}`;
    try {
      const kept = browser.sessionStorage.getItem(key);
      if (kept === null) browser.sessionStorage.setItem(key, input.value);
      else input.value = kept;
    } catch {
      // Storage is switched off: the id lives as long as this page.
    }
  }

  function showTimeLeft(): void {
    const remainingMs = endsAt - performance.now();
    const { timeLeftText, endsSoon, locale } = facts();
    const element = main().querySelector('[data-time-left]');
    if (element !== null && timeLeftText !== undefined) {
      const minutes = Math.max(0, Math.ceil(remainingMs / 60_000));
      const [amount, unit] =
        minutes >= 2880 ? [minutes / 1440, 'day'] : minutes >= 120 ? [minutes / 60, 'hour'] : [minutes, 'minute'];
      const duration = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' });
      setText(element, timeLeftText.replace('{duration}', duration.format(Math.floor(amount))));
    }
    // Said once: a screen reader speaks whenever this text changes.
    setText(main().querySelector('[data-warning]'), remainingMs < FIVE_MINUTES_MS ? (endsSoon ?? '') : '');
    if (remainingMs <= 0 && endsAt !== Infinity) {
      endsAt = Infinity;
      pollMs = 1_000;
      void check();
    }
  }

  function setText(element: BrowserElement | null, text: string): void {
    if (element !== null && element.textContent !== text) element.textContent = text;
  }

  function checkLater(): void {
    clearTimeout(timer);
    if (pollMs < Infinity) timer = setTimeout(() => void check(), pollMs);
    pollMs = Math.max(pollMs, Math.min(pollMs * 1.5, SLOWEST_POLL_MS));
  }

  /** Asks the server how things stand, and shows the page anew where they stand otherwise. */
  async function check(): Promise<void> {
    if (isChecking || isSending || document.visibilityState === 'hidden') return;
    isChecking = true;
    try {
      const { page, address, state, version } = facts();
      const response = await fetch(`${page}/status`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
      const status = (await response.json()) as PageStatus;
      // Microsoft's window stays while our workers are away: what stands in it may be half read.
      const isPassing = status.state === 'unavailable' || (status.state === 'noWorker' && state === 'awaiting');
      if (response.status === 429 || isPassing) return;
      if (status.version !== version) show(await textOf(await fetch(address!)));
      else if (status.remainingMs !== undefined) endsAt = performance.now() + Math.max(1_000, status.remainingMs);
    } catch {
      // No line, or no server: asked again below.
    } finally {
      isChecking = false;
      checkLater();
    }
  }

  async function textOf(response: Response): Promise<string> {
    if (response.status === 429 || response.status >= 500) throw new Error(`${response.status}`);
    return response.text();
  }

  function show(markup: string): void {
    const next = new browser.DOMParser().parseFromString(markup, 'text/html');
    const view = next.querySelector('main');
    if (view === null) throw new Error('no page');
    main().replaceWith(view);
    document.title = next.title;
    begin();
    main().querySelector('h1')?.focus();
  }

  async function send(form: BrowserElement): Promise<void> {
    if (isSending) return;
    isSending = true;
    form.setAttribute('aria-busy', 'true');
    const problem = form.querySelector('.problem');
    setText(problem, '');
    try {
      const body = new URLSearchParams([...new browser.FormData(form)]);
      const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
      show(await textOf(await fetch(form.action, { method: 'POST', body, signal })));
    } catch {
      setText(problem, facts()['notSaved'] ?? '');
    } finally {
      isSending = false;
      form.removeAttribute('aria-busy');
      checkLater();
    }
  }

  /** Tells the server of a visit, once for each round: what a person sees, not what a mail scanner fetches. */
  function report(event: 'opened' | 'frameUsed'): void {
    const { page, round = '' } = facts();
    if (reported.has(`${event} ${round}`)) return;
    reported.add(`${event} ${round}`);
    const body = new URLSearchParams({ event, round });
    fetch(`${page}/visit`, { method: 'POST', body, keepalive: true }).catch(() => undefined);
  }

  document.addEventListener('submit', (event) => {
    event.preventDefault();
    void send(event.target);
  });
  document.addEventListener('visibilitychange', () => void check());
  browser.addEventListener('online', () => void check());
  browser.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) void check();
  });
  browser.addEventListener('blur', () => {
    setTimeout(() => {
      const frame = main().querySelector('iframe');
      if (frame !== null && document.activeElement === frame) report('frameUsed');
    });
  });
  // Whoever can speak for the frame still proves nothing by it: the message only points at the next step.
  browser.addEventListener('message', ({ origin, source }) => {
    const frame = main().querySelector('iframe');
    if (frame === null || source !== frame.contentWindow || origin !== facts()['frameOrigin']) return;
    main().querySelector('[data-step-2]')?.classList.add('next');
  });

  begin();
  setInterval(showTimeLeft, 1_000);
}

export const PAGE_SCRIPT = `(${keepPageAlive.toString()})(${JSON.stringify(TIME_FORMAT)})`;
