import { toPublicView } from '../../onboarding/public-view';
import { type Api, idSchema, problemsOfRead } from '../api';
import { visibleId } from '../authentication';
import type { GatewayDependencies } from '../dependencies';
import { onboardingSchema } from '../schemas/onboarding';
import { withinDeadline } from '../temporal-calls';

export function addViewRoute(api: Api, { onboardings }: GatewayDependencies): void {
  api.route({
    method: 'GET',
    url: '/v1/onboardings/:id',
    schema: {
      operationId: 'getOnboarding',
      summary: 'Where the onboarding of a deal stands',
      params: idSchema,
      response: {
        200: { description: 'Its last attempt.', content: { 'application/json': { schema: onboardingSchema } } },
        ...problemsOfRead('onboarding-not-found'),
      },
    },
    handler: (call) => withinDeadline(onboardings, async () => toPublicView(await onboardings.view(visibleId(call)))),
  });
}
