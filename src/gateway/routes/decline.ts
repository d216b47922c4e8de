import { type Api, idSchema, problemsOfWrite } from '../api';
import { visibleId } from '../authentication';
import type { GatewayDependencies } from '../dependencies';
import { notOpen } from '../not-open';
import { ProblemError } from '../problem';
import { noWorker } from '../problem-of';
import { declineBodySchema, declinedSchema } from '../schemas/answers';
import { withinDeadline } from '../temporal-calls';

const DECLINE_DEADLINE_MS = 1_500; // a worker answers within milliseconds, and callers hear within two seconds

export function addDeclineRoute(api: Api, { onboardings }: GatewayDependencies): void {
  api.route({
    method: 'POST',
    url: '/v1/onboardings/:id/decline',
    schema: {
      operationId: 'decline',
      summary: 'Report that the customer does not accept',
      description: 'Ends the onboarding as declined; a new signatory is a restart with new data.',
      params: idSchema,
      body: declineBodySchema,
      response: {
        200: { description: 'Declined.', content: { 'application/json': { schema: declinedSchema } } },
        ...problemsOfWrite('onboarding-not-found', 'refused', 'not-open', 'no-worker'),
      },
    },
    handler: (call) =>
      withinDeadline(onboardings, async () => {
        const id = visibleId(call);
        const { code, comment } = call.body;
        const decline = { code, ...(comment !== undefined && { comment }) };
        const told = await onboardings.decline(id, decline, { deadlineMs: DECLINE_DEADLINE_MS });
        switch (told?.outcome) {
          case 'recorded':
            return told.value;
          case 'refused':
            throw new ProblemError('refused', told.message, { reason: told.type });
          case 'notOpen':
            throw await notOpen(onboardings, id);
          case 'stored':
          case undefined:
            throw noWorker(`It is not known whether ${id} was declined. Look where it stands, and send it again.`);
        }
      }),
  });
}
