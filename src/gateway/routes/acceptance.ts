import type { z } from 'zod';
import type { Acceptance } from '../../onboarding/acceptance';
import { type Api, idSchema, problemsOfWrite } from '../api';
import { callerOf, visibleId } from '../authentication';
import type { GatewayDependencies } from '../dependencies';
import { notOpen } from '../not-open';
import { ProblemError } from '../problem';
import { acceptanceBodySchema, receiptSchema, storedSchema } from '../schemas/answers';
import { withinDeadline } from '../temporal-calls';

export function addAcceptanceRoute(api: Api, { onboardings }: GatewayDependencies): void {
  api.route({
    method: 'POST',
    url: '/v1/onboardings/:id/acceptance',
    schema: {
      operationId: 'reportAcceptance',
      summary: 'Report that the customer has accepted',
      description:
        'For partners whose own checkout shows Microsoft’s iframe. Never lost: where no worker answers it is stored, and counts as soon as one runs, provided that the customer was invited and in time.',
      params: idSchema,
      body: acceptanceBodySchema,
      response: {
        200: { description: 'Recorded.', content: { 'application/json': { schema: receiptSchema } } },
        202: { description: 'Stored.', content: { 'application/json': { schema: storedSchema } } },
        ...problemsOfWrite('onboarding-not-found', 'refused', 'not-open'),
      },
    },
    handler: (call, reply) =>
      withinDeadline(onboardings, async () => {
        const id = visibleId(call);
        const told = await onboardings.reportAcceptance(id, acceptanceOf(call.body ?? {}, callerOf(call).name));
        switch (told.outcome) {
          case 'recorded':
            void reply.code(200);
            return told.value;
          case 'stored':
            void reply.code(202);
            return { stored: true as const, acceptanceId: told.acceptanceId };
          case 'refused':
            throw new ProblemError('refused', told.message, { reason: told.type });
          case 'notOpen':
            throw await notOpen(onboardings, id);
        }
      }),
  });
}

type Sent = NonNullable<z.infer<typeof acceptanceBodySchema>>;

function acceptanceOf(
  { acceptedAt, acceptanceId, round, source = 'crm', actor, reason }: Sent,
  key: string,
): Acceptance {
  return {
    source,
    actor: actor ?? key,
    ...(acceptedAt !== undefined && { acceptedAt: new Date(acceptedAt).toISOString() }),
    ...(acceptanceId !== undefined && { acceptanceId }),
    ...(round !== undefined && { round }),
    ...(reason !== undefined && { reason }),
  };
}
