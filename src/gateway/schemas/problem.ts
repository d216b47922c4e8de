import { z } from 'zod';
import { PROBLEM_TYPE_PREFIX, type ProblemKind, problemKinds } from '../problem';

export const problemSchema = z
  .object({
    type: z.string().meta({
      description: `${PROBLEM_TYPE_PREFIX} and one of: ${Object.keys(problemKinds).join(', ')}. Values may be added.`,
    }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z
      .array(
        z
          .object({
            pointer: z.string().meta({ description: 'JSON pointer into the body.' }).optional(),
            parameter: z.string().meta({ description: 'Name of a parameter of the query.' }).optional(),
            detail: z.string(),
          })
          .meta({ id: 'FieldError' }),
      )
      .optional(),
    differing: z.array(z.string()).optional(),
    onboardingStatus: z.string().optional(),
    reason: z.string().meta({ description: 'The onboarding’s own word, for example TooLate.' }).optional(),
    correlationId: z.string(),
  })
  .meta({ id: 'Problem' });

/** The documented problems of a route, by status. */
export function problemAnswers(...kinds: ProblemKind[]) {
  const byStatus = new Map<number, ProblemKind[]>();
  for (const kind of kinds) {
    const [statusCode] = problemKinds[kind];
    byStatus.set(statusCode, [...(byStatus.get(statusCode) ?? []), kind]);
  }
  return Object.fromEntries(
    [...byStatus].map(([statusCode, named]) => [
      statusCode,
      {
        description: named.map((kind) => `${kind}: ${problemKinds[kind][1]}`).join(' '),
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    ]),
  );
}
