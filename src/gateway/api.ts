/** What the routes of the API share: zod schemas, documented problems, and a deadline over their calls to Temporal. */
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { MessageResult } from '../client/messages';
import type { OnboardingClient } from '../client/onboarding-client';
import type { RunSummary } from '../client/view';
import { notOpen, buildProblemAnswers, ProblemError, type ProblemKind, temporalUnavailable } from './problems';

/** A scope whose routes have zod's schemas. */
export type Api = ReturnType<typeof toApi>;

export function toApi(scope: FastifyInstance) {
  return scope.withTypeProvider<ZodTypeProvider>();
}

export const idSchema = z.object({
  id: z.string().meta({ description: 'dealId, or resellerId:dealId for a reseller’s deal.' }),
});

export const text = (maxLength: number) =>
  z
    .string(`must be a string of 1 to ${maxLength} characters`)
    .min(1, 'must not be empty')
    .max(maxLength, `must have at most ${maxLength} characters`);

/** The problems that any route of the API may answer with. */
const EVERYWHERE: ProblemKind[] = ['unauthenticated', 'too-many-requests', 'internal', 'temporal-unavailable'];
const WITH_BODY: ProblemKind[] = ['invalid-request', 'malformed-json', 'body-too-large', 'unsupported-media-type'];

export function getReadProblems(...kinds: ProblemKind[]) {
  return buildProblemAnswers(...kinds, ...EVERYWHERE);
}

export function getWriteProblems(...kinds: ProblemKind[]) {
  return buildProblemAnswers(...WITH_BODY, ...kinds, ...EVERYWHERE);
}

export function jsonAnswer<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { 'application/json': { schema } } };
}

/** The newest run of a deal. @throws ProblemError `not-open` */
export async function readOpenRun(onboardings: OnboardingClient, id: string): Promise<RunSummary> {
  const summary = await onboardings.summary(id);
  if (!summary.isOpen) throw notOpen(id, summary.status);
  return summary;
}

type Refusal = Extract<MessageResult<never>, { outcome: 'refused' | 'notOpen' }>;

/** The problem for a message that the run refused, or could not receive because it has ended. */
export async function toRefusal(onboardings: OnboardingClient, id: string, result: Refusal): Promise<ProblemError> {
  if (result.outcome === 'refused') return new ProblemError('refused', result.message, { reason: result.type });
  return notOpen(id, (await onboardings.summary(id)).status);
}

/** Well below the 10 s after which a Salesforce flow times out; single calls have shorter deadlines of their own. */
const CALL_DEADLINE_MS = 4_000;
const ANSWER_WITHIN_MS = 6_000;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** For a route that takes longer than others. */
    answerWithinMs?: number;
  }
}

/** Makes the routes that are added to `scope` from now on answer `temporal-unavailable` if they are not done in time. */
export function limitDuration(scope: FastifyInstance, onboardings: OnboardingClient): void {
  scope.addHook('onRoute', (route) => {
    const { handler, config } = route;
    route.handler = function (request, reply) {
      return withinDeadline(onboardings, async () => handler.call(this, request, reply), config?.answerWithinMs);
    };
  });
}

/**
 * Sets a default deadline for every call to Temporal, and stops waiting for all of them after `answerWithinMs`, because
 * the SDK may pause between two retries for seconds beyond the deadline.
 */
async function withinDeadline<T>(
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
