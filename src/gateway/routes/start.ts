import { onboardingRequestSchema } from '../../onboarding/request-schema';
import type { OnboardingRequest } from '../../onboarding/request';
import { toPublicView } from '../../onboarding/public-view';
import { usesPrimaryContact } from '../../onboarding/request';
import { onboardingId } from '../../onboarding/ids';
import { type Api, problemsOfWrite } from '../api';
import type { GatewayDependencies } from '../dependencies';
import { ProblemError } from '../problem';
import { bindToReseller, requestValidator } from '../request-body';
import { knownSchema, startedSchema } from '../schemas/started';
import { pathOf, startedBody } from '../started';
import { withinDeadline } from '../temporal-calls';

export function addStartRoute(api: Api, deps: GatewayDependencies): void {
  const { onboardings, links } = deps;
  api.route({
    method: 'POST',
    url: '/v1/onboardings',
    schema: {
      operationId: 'startOnboarding',
      summary: 'Start the onboarding of a closed deal',
      description:
        'Safe to repeat: the same deal with the same content (customerId, attestation, agreement) is never started twice, and other content is refused.',
      body: onboardingRequestSchema,
      response: {
        202: { description: 'Started.', content: { 'application/json': { schema: startedSchema } } },
        200: { description: 'Known already.', content: { 'application/json': { schema: knownSchema } } },
        ...problemsOfWrite('other-reseller', 'known-with-other-content'),
      },
    },
    preValidation: bindToReseller,
    validatorCompiler: requestValidator(deps, { optional: false }),
    handler: (call, reply) =>
      withinDeadline(onboardings, async () => {
        const request = call.body as OnboardingRequest;
        const id = onboardingId(request);
        const started = await onboardings.start(request);
        void reply.header('location', pathOf(id));
        switch (started.outcome) {
          case 'started': {
            const status = usesPrimaryContact(request) ? 'creatingAgreement' : 'creatingAttestation';
            void reply.code(202);
            return startedBody(request, { runId: started.runId, status, attempt: 1, isOpen: true }, links);
          }
          case 'known': {
            const known = await onboardings.summaryThenView(id);
            const view = await known.view();
            void reply.code(200);
            return {
              ...startedBody(request, { ...known.summary, status: view.status }, links),
              ignored: started.ignored,
              onboarding: toPublicView(view),
            };
          }
          case 'conflict':
            throw new ProblemError(
              'known-with-other-content',
              `Deal ${id} is known with other content; nothing was changed. A deal that ended without an agreement can be restarted.`,
              { differing: started.differing },
            );
        }
      }),
  });
}
