import { setTimeout as pause } from 'node:timers/promises';

export interface EventuallyOptions {
  /** What is waited for, for the message of the failure; a function is called only then. */
  what: string | (() => string);
  /** Default: 60 seconds, for busy machines. */
  timeoutMs?: number;
  /** Between two checks. Default: 20 ms. */
  intervalMs?: number;
}

type Found<T> = Exclude<T, undefined | null | false | 0 | ''>;

/**
 * Repeats `check` until it returns something truthy, and returns that. A check that throws counts as not yet.
 * @throws after `timeoutMs`, with the last error of the check as the cause
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { what, timeoutMs = 60_000, intervalMs = 20 }: EventuallyOptions,
): Promise<Found<T>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let failure: unknown;
    try {
      const found = await check();
      if (found) return found as Found<T>;
    } catch (error) {
      failure = error;
    }
    if (Date.now() > deadline) {
      const awaited = typeof what === 'string' ? what : what();
      const reason = failure instanceof Error ? `: ${failure.message}` : '';
      throw new Error(`Waited ${timeoutMs} ms for ${awaited}${reason}`, { cause: failure });
    }
    await pause(intervalMs);
  }
}
