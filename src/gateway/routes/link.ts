import { usesPrimaryContact } from '../../onboarding/request';
import { type Api, idSchema, problemsOfWrite } from '../api';
import { visibleId } from '../authentication';
import type { GatewayDependencies } from '../dependencies';
import { ended } from '../not-open';
import { ProblemError } from '../problem';
import { linkSchema } from '../schemas/answers';
import { withinDeadline } from '../temporal-calls';

export function addLinkRoute(api: Api, { onboardings, links }: GatewayDependencies): void {
  api.route({
    method: 'POST',
    url: '/v1/onboardings/:id/link',
    schema: {
      operationId: 'getLink',
      summary: 'The address of the signatory’s page again',
      description: 'Of the last attempt; it is the same address every time.',
      params: idSchema,
      response: {
        200: { description: 'For the signatory.', content: { 'application/json': { schema: linkSchema } } },
        ...problemsOfWrite('onboarding-not-found', 'nothing-to-accept', 'not-open'),
      },
    },
    handler: (call) =>
      withinDeadline(onboardings, async () => {
        const id = visibleId(call);
        const { isOpen, status, runId, acceptBy } = await onboardings.summary(id);
        if (!isOpen) throw ended(id, status);
        if (usesPrimaryContact(await onboardings.request(id, runId))) {
          throw new ProblemError('nothing-to-accept', `Onboarding ${id} asks no customer: the partner vouches.`);
        }
        return {
          acceptanceUrl: links.urlOf({ onboardingId: id, runId }),
          ...(acceptBy !== undefined && { acceptBy }),
        };
      }),
  });
}
