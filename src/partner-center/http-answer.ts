/** Reads what an HTTP answer says, without trusting it: front ends and proxies answer too. */

/** What a body turned out to be, whatever its content type claimed. */
export type Body =
  | { shape: 'empty' }
  | { shape: 'json'; value: unknown }
  /** HTML or XML of a front end or proxy: the service itself has not answered. */
  | { shape: 'page' }
  /** JSON that was cut short or garbled. */
  | { shape: 'broken' }
  /** A bare sentence; Partner Center refuses a retired template like that. */
  | { shape: 'text' };

/** Reads a body by its first character rather than by its content type, which front ends get wrong. Never throws. */
export function readBody(text: string): Body {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (trimmed === '') return { shape: 'empty' };
  if (trimmed.startsWith('<')) return { shape: 'page' };
  try {
    return { shape: 'json', value: JSON.parse(trimmed) as unknown };
  } catch {
    return { shape: /^[{["]/.test(trimmed) ? 'broken' : 'text' };
  }
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** The body's JSON object, or undefined if it is anything else. */
export function toJsonObject(body: Body): JsonObject | undefined {
  return body.shape === 'json' ? asObject(body.value) : undefined;
}

export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

export function asString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

const MIN_WAIT_MS = 1_000;
const MAX_WAIT_MS = 3_600_000;

/**
 * Reads a `Retry-After` header: seconds (decimals too) or an HTTP date measured against `nowMs`. The wait is in ms,
 * between 1 s and 1 h, so that neither a wrong clock nor a typo stops the caller; undefined for anything else.
 * Source: RFC 9110, 10.2.3.
 */
export function parseRetryAfter(header: string | undefined, nowMs: number = Date.now()): number | undefined {
  const text = header?.trim();
  if (!text) return undefined;
  if (/^[+-]?\d+(\.\d+)?$/.test(text)) return clampWait(Number(text) * 1000);
  // Date.parse alone would take '1-2' and '2026' for dates; every form of HTTP date starts with the day's name.
  if (!/^(Mon|Tues?|Wed(nes)?|Thu(rs)?|Fri|Sat(ur)?|Sun)(day)?[, ]/i.test(text)) return undefined;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : clampWait(atMs - nowMs);
}

function clampWait(waitMs: number): number {
  return Math.min(Math.max(Math.round(waitMs), MIN_WAIT_MS), MAX_WAIT_MS);
}
