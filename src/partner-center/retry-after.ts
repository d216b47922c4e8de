const SHORTEST_MS = 1_000;
const LONGEST_MS = 3_600_000;

/**
 * Reads a `Retry-After` header: seconds (decimals too) or an HTTP date measured against `nowMs`. The wait is in ms and
 * lies between 1 s and 1 h, so that neither a clock askew nor a typo stops the caller; undefined for anything else.
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
  return Math.min(Math.max(Math.round(waitMs), SHORTEST_MS), LONGEST_MS);
}
