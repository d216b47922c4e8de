const MINUTE_MS = 60_000;

/**
 * Pauses before each try of Create Agreement while Partner Center refuses it: five tries in about a minute. It is not
 * documented how soon an acceptance in Microsoft's window is known to the API.
 */
export const AGREEMENT_TRY_DELAYS_MS: readonly number[] = [0, 5_000, 10_000, 20_000, 25_000];

const FIRST_ACCESS_RETRY_MS = 15 * MINUTE_MS;
const LONGEST_ACCESS_RETRY_MS = 6 * 60 * MINUTE_MS; // 4 rounds of 13 events a day: no history of 30 days overflows
const JITTER = 0.2; // ten thousand runs parked by one expired secret come back spread over minutes, not at once

/** How long a run without access waits before it tries again by itself: 15 minutes, doubling to 6 hours, ± 20 %. */
export function accessRetryDelayMs(retriesSoFar: number, random: () => number = Math.random): number {
  const delayMs = Math.min(FIRST_ACCESS_RETRY_MS * 2 ** retriesSoFar, LONGEST_ACCESS_RETRY_MS);
  return Math.round(delayMs * (1 - JITTER + 2 * JITTER * random()));
}
