/** The journal: every call with its answer, without secrets. */
import { createHash } from 'node:crypto';
import type { Call } from './operations';

/** When full, the oldest tenth is dropped, so that a long load run does not fill the memory. */
const CAPACITY = 50_000;

export interface JournalEntry extends Omit<Call, 'params'> {
  sequence: number;
  /** By the machine's clock, because tests can move the simulator's clock. */
  at: string;
  answeredAt: string | null;
  /** The body parsed as JSON or as a form; null when it is neither. */
  body: unknown;
  /** Null until an answer is sent; stays null when a fault prevents that. */
  status: number | null;
  /** `answer`, or the effect of a fault; null while the call is delayed. */
  effect: string | null;
  committed: boolean;
  /** For CRM events: whether the signature is valid; null when no secret is set. */
  verified?: boolean | null;
}

export class Journal {
  #entries: JournalEntry[] = [];
  #sequence = 0;

  /** Adds an entry when the call arrives; the server completes it with the answer. */
  open({ params: _params, ...call }: Call): JournalEntry {
    const rawBody = call.operation === 'token' ? hideSecrets(call.rawBody) : call.rawBody;
    const entry: JournalEntry = {
      sequence: ++this.#sequence,
      at: new Date().toISOString(),
      answeredAt: null,
      ...call,
      headers: hideToken(call.headers),
      rawBody,
      body: parseBody(rawBody, call.headers['content-type']),
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

  entries(filter: { operation?: string; customerId?: string } = {}): JournalEntry[] {
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

function hideToken(headers: Record<string, string>): Record<string, string> {
  const { authorization, ...others } = headers;
  if (authorization === undefined) return others;
  return { ...others, authorization: `Bearer ${fingerprint(authorization.replace(/^Bearer /i, ''))}` };
}

function hideSecrets(form: string): string {
  const secret = /(client_secret|client_assertion|refresh_token)=([^&]*)/g;
  return form.replace(secret, (_match, name: string, value: string) => `${name}=${fingerprint(value)}`);
}

/** The first eight hex digits of the SHA-256: distinguishes secrets without revealing them. */
function fingerprint(secret: string): string {
  return createHash('sha256').update(secret).digest('hex').slice(0, 8);
}

function parseBody(rawBody: string, contentType = ''): unknown {
  if (contentType.includes('x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(rawBody));
  try {
    return JSON.parse(rawBody);
  } catch {
    return null;
  }
}
