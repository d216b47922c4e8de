/** What was asked and what became of it. */
import { createHash } from 'node:crypto';
import type { Call } from './operation';

/** Beyond this many the oldest tenth goes, so that a long load run does not fill the memory. */
const CAPACITY = 50_000;

export interface JournalEntry extends Omit<Call, 'params'> {
  sequence: number;
  /** By the machine's clock, which orders and times calls even while the movable one jumps. */
  at: string;
  answeredAt: string | null;
  /** The body parsed as JSON or as a form; null when it was neither. */
  body: unknown;
  /** null while no answer was sent, for ever when the fault cut it off. */
  status: number | null;
  /** `answer`, or the effect that took its place; null while a delay holds the call. */
  effect: string | null;
  committed: boolean;
  /** Of a CRM event: whether its signature holds; null where no secret is known to check it with. */
  verified?: boolean | null;
}

export class Journal {
  #entries: JournalEntry[] = [];
  #sequence = 0;

  /** Opens an entry when the call arrives; whoever answers fills in what became of it. */
  open({ params: _params, ...call }: Call): JournalEntry {
    const rawBody = call.operation === 'token' ? withoutSecrets(call.rawBody) : call.rawBody;
    const entry: JournalEntry = {
      sequence: ++this.#sequence,
      at: new Date().toISOString(),
      answeredAt: null,
      ...call,
      headers: withoutToken(call.headers),
      rawBody,
      body: parsed(rawBody, call.headers['content-type']),
      status: null,
      effect: null,
      committed: false,
    };
    this.add(entry);
    return entry;
  }

  add(entry: JournalEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length > CAPACITY) this.#entries = this.#entries.slice(CAPACITY / 10);
  }

  entries(filter: { operation?: string | undefined; customerId?: string | undefined } = {}): JournalEntry[] {
    const { operation, customerId } = filter;
    return this.#entries.filter(
      (entry) =>
        (operation === undefined || entry.operation === operation) &&
        (customerId === undefined || entry.customerId === customerId.toLowerCase()),
    );
  }

  clear(): void {
    this.#entries = [];
    this.#sequence = 0;
  }
}

function withoutToken(headers: Record<string, string>): Record<string, string> {
  const { authorization, ...others } = headers;
  if (authorization === undefined) return others;
  return { ...others, authorization: `Bearer ${fingerprint(authorization.replace(/^Bearer /i, ''))}` };
}

function withoutSecrets(form: string): string {
  const secret = /(client_secret|client_assertion|refresh_token)=([^&]*)/g;
  return form.replace(secret, (_match, name: string, value: string) => `${name}=${fingerprint(value)}`);
}

/** Tells one secret from another and gives neither away: the first eight hex digits of its SHA-256. */
function fingerprint(secret: string): string {
  return createHash('sha256').update(secret).digest('hex').slice(0, 8);
}

function parsed(rawBody: string, contentType = ''): unknown {
  if (contentType.includes('x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(rawBody));
  try {
    return JSON.parse(rawBody);
  } catch {
    return null;
  }
}
