import { onboardingRequestSchema } from '../../onboarding/request-schema';
import { usesPrimaryContact, type OnboardingRequest } from '../../onboarding/request';
import { onboardingId } from '../../onboarding/ids';
import { type Api, idSchema, problemsOfWrite } from '../api';
import { visibleId } from '../authentication';
import type { GatewayDependencies } from '../dependencies';
import { ProblemError } from '../problem';
import { bindToReseller, requestValidator } from '../request-body';
import { startedSchema } from '../schemas/started';
import { pathOf, startedBody } from '../started';
import { withinDeadline } from '../temporal-calls';
import { invalidRequest } from '../validation';

export function addRestartRoute(api: Api, deps: GatewayDependencies): void {
  const { onboardings, links } = deps;
  api.route({
    method: 'POST',
    url: '/v1/onboardings/:id/restart',
    schema: {
      operationId: 'restartOnboarding',
      summary: 'Begin again after an end without an agreement',
      description:
        'After expired, declined, attestationRejected, cancelled or failed. The body is a whole request of the same deal, or nothing: then it is asked for as before. Links of earlier attempts stay theirs.',
      params: idSchema,
      body: onboardingRequestSchema.optional(),
      response: {
        202: { description: 'Started again.', content: { 'application/json': { schema: startedSchema } } },
        ...problemsOfWrite('other-reseller', 'onboarding-not-found', 'still-open', 'agreement-exists'),
      },
    },
    preValidation: bindToReseller,
    validatorCompiler: requestValidator(deps, { optional: true }),
    handler: (call, reply) =>
      withinDeadline(onboardings, async () => {
        const id = visibleId(call);
        const sent = call.body as OnboardingRequest | undefined;
        if (sent !== undefined && onboardingId(sent) !== id) throw otherDeal(id);
        const restarted = await onboardings.restart(id, sent);
        switch (restarted.outcome) {
          case 'restarted': {
            const { request, runId, attempt } = restarted;
            const status = usesPrimaryContact(request) ? 'creatingAgreement' : 'creatingAttestation';
            void reply.code(202).header('location', pathOf(id));
            return startedBody(request, { runId, status, attempt, isOpen: true }, links);
          }
          case 'open':
            throw new ProblemError('still-open', `Onboarding ${id} is in ${restarted.status}: end it first.`, {
              onboardingStatus: restarted.status,
            });
          case 'agreementExists':
            throw new ProblemError('agreement-exists', `Onboarding ${id} ended with an agreement.`, {
              onboardingStatus: restarted.status,
            });
        }
      }),
  });
}

function otherDeal(id: string): ProblemError {
  return invalidRequest([{ pointer: '/dealId', detail: `must, with resellerId, name the deal of the path, ${id}` }]);
}
