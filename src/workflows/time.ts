/** Times of a workflow: ISO 8601 strings in UTC. Inside a workflow, `Date` is Temporal's deterministic clock. */

export function now(): string {
  return new Date().toISOString();
}

export function addMinutes(at: string, minutes: number): string {
  return new Date(Date.parse(at) + minutes * 60_000).toISOString();
}

/** `2026-11-24 14:05 UTC`. */
export function formatUtcMinute(at: string | undefined): string {
  return at === undefined ? 'an unknown time' : `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}
