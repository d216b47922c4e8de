import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problemAnswers } from './schemas/problem';
import type { ProblemKind } from './problem';

/** A scope whose routes have zod's schemas. */
export type Api = ReturnType<typeof asApi>;

export function asApi(scope: FastifyInstance) {
  return scope.withTypeProvider<ZodTypeProvider>();
}

/** The path of one onboarding. */
export const idSchema = z.object({
  id: z.string().meta({ description: 'dealId, or resellerId:dealId for a reseller’s deal.' }),
});

/** What every route of the API may answer instead. */
const EVERYWHERE: ProblemKind[] = ['unauthenticated', 'too-many-requests', 'internal', 'temporal-unavailable'];
const WITH_BODY: ProblemKind[] = ['invalid-request', 'malformed-json', 'body-too-large', 'unsupported-media-type'];

export function problemsOfRead(...kinds: ProblemKind[]) {
  return problemAnswers(...kinds, ...EVERYWHERE);
}

export function problemsOfWrite(...kinds: ProblemKind[]) {
  return problemAnswers(...WITH_BODY, ...kinds, ...EVERYWHERE);
}
