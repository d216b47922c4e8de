import { setTimeout as pause } from 'node:timers/promises';
import type { OnboardingClient } from '../client/onboarding-client';
import { temporalUnavailable } from './problem-of';

/** Well below the 10 s after which a Salesforce flow gives up; single calls have shorter ones of their own. */
const CALL_DEADLINE_MS = 4_000;
const ANSWER_WITHIN_MS = 6_000;

/**
 * Calls Temporal, with a deadline over every call that has none of its own, and gives up on all of it after
 * `answerWithinMs`: between its repetitions of a call the SDK may pause for seconds beyond a deadline.
 * @throws ProblemError `temporal-unavailable`
 */
export async function withinDeadline<T>(
  onboardings: OnboardingClient,
  call: () => Promise<T>,
  answerWithinMs = ANSWER_WITHIN_MS,
): Promise<T> {
  const answered = new AbortController();
  const patience = pause(answerWithinMs, undefined, { signal: answered.signal, ref: false });
  try {
    return await Promise.race([
      onboardings.withDeadline(CALL_DEADLINE_MS, call),
      patience.then(() => {
        throw temporalUnavailable();
      }),
    ]);
  } finally {
    answered.abort();
    patience.catch(() => undefined);
  }
}
