/** What the routes of the API share: zod schemas, documented problems, and a deadline over their calls to Temporal. */
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { OnboardingClient } from '../client/onboarding-client';
import { onboardingStatuses } from '../onboarding/view';
import { problemAnswers, type ProblemKind, temporalUnavailable } from './problems';

/** A scope whose routes have zod's schemas. */
export type Api = ReturnType<typeof toApi>;

export function toApi(scope: FastifyInstance) {
  return scope.withTypeProvider<ZodTypeProvider>();
}

/** The path of one onboarding. */
export const idSchema = z.object({
  id: z.string().meta({ description: 'dealId, or resellerId:dealId for a reseller’s deal.' }),
});

export const statusSchema = z
  .string()
  .meta({ description: `The status of the onboarding: ${onboardingStatuses.join(', ')}. Values may be added.` });

/** A time as the API gives it. */
export const instant = (description: string) => z.string().meta({ format: 'date-time', description });

/** A bounded text that someone typed. */
export const text = (maxLength: number) =>
  z
    .string(`must be a text of 1 to ${maxLength} characters`)
    .min(1, 'must not be empty')
    .max(maxLength, `must have at most ${maxLength} characters`);

/** What every route of the API may answer instead. */
const EVERYWHERE: ProblemKind[] = ['unauthenticated', 'too-many-requests', 'internal', 'temporal-unavailable'];
const WITH_BODY: ProblemKind[] = ['invalid-request', 'malformed-json', 'body-too-large', 'unsupported-media-type'];

export function problemsOfRead(...kinds: ProblemKind[]) {
  return problemAnswers(...kinds, ...EVERYWHERE);
}

export function problemsOfWrite(...kinds: ProblemKind[]) {
  return problemAnswers(...WITH_BODY, ...kinds, ...EVERYWHERE);
}

/** Well below the 10 s after which a Salesforce flow gives up; single calls have shorter ones of their own. */
const CALL_DEADLINE_MS = 4_000;
const ANSWER_WITHIN_MS = 6_000;

/**
 * Sets a default deadline for every call to Temporal, and stops waiting for all of them after `answerWithinMs`: between
 * its retries of a call the SDK may pause for seconds beyond a deadline.
 * @throws ProblemError `temporal-unavailable`
 */
export async function withinDeadline<T>(
  onboardings: OnboardingClient,
  call: () => Promise<T>,
  answerWithinMs = ANSWER_WITHIN_MS,
): Promise<T> {
  const answered = new AbortController();
  const timeout = pause(answerWithinMs, undefined, { signal: answered.signal, ref: false });
  try {
    return await Promise.race([
      onboardings.withDeadline(CALL_DEADLINE_MS, call),
      timeout.then(() => {
        throw temporalUnavailable();
      }),
    ]);
  } finally {
    answered.abort();
    timeout.catch(() => undefined);
  }
}
