import type { FastifyRequest } from 'fastify';
import { type Api, idSchema, problemsOfWrite } from '../api';
import { callerOf, visibleId } from '../authentication';
import type { GatewayDependencies } from '../dependencies';
import { ended } from '../not-open';
import { ProblemError } from '../problem';
import { reasonBodySchema, requestedSchema } from '../schemas/answers';
import { withinDeadline } from '../temporal-calls';

/** An operator's verbs; who used them and why stands in the log. */
export function addOperatorRoutes(api: Api, { onboardings, log }: GatewayDependencies): void {
  const note = (call: FastifyRequest, requested: 'cancellation' | 'retry', id: string, reason: string | undefined) => {
    const caller = callerOf(call).name;
    log.info({ requested, onboardingId: id, caller, reason, correlationId: call.id }, 'An operator’s request');
    return { id, requested };
  };

  api.route({
    method: 'POST',
    url: '/v1/onboardings/:id/cancel',
    schema: {
      operationId: 'cancelOnboarding',
      summary: 'End an onboarding',
      description: 'An answer of Partner Center that is on its way is waited for and decides the outcome.',
      params: idSchema,
      body: reasonBodySchema,
      response: {
        202: { description: 'Asked to end.', content: { 'application/json': { schema: requestedSchema } } },
        ...problemsOfWrite('onboarding-not-found', 'not-open'),
      },
    },
    handler: (call, reply) =>
      withinDeadline(onboardings, async () => {
        const id = visibleId(call);
        const { isOpen, status } = await onboardings.summary(id);
        if (!isOpen) throw ended(id, status);
        await onboardings.cancel(id);
        void reply.code(202);
        return note(call, 'cancellation', id, call.body?.reason);
      }),
  });

  api.route({
    method: 'POST',
    url: '/v1/onboardings/:id/retry',
    schema: {
      operationId: 'retryOnboarding',
      summary: 'Have an onboarding in needsAttention go on',
      description: 'From where it stood, once what it waits for is mended.',
      params: idSchema,
      body: reasonBodySchema,
      response: {
        202: { description: 'It tries again.', content: { 'application/json': { schema: requestedSchema } } },
        ...problemsOfWrite('onboarding-not-found', 'needs-no-attention', 'not-open'),
      },
    },
    handler: (call, reply) =>
      withinDeadline(onboardings, async () => {
        const id = visibleId(call);
        const { isOpen, status } = await onboardings.summary(id);
        if (!isOpen) throw ended(id, status);
        // The run would take the signal and ignore it.
        if (status !== 'needsAttention') {
          throw new ProblemError('needs-no-attention', `Onboarding ${id} is in ${status}.`, {
            onboardingStatus: status,
          });
        }
        await onboardings.retry(id);
        void reply.code(202);
        return note(call, 'retry', id, call.body?.reason);
      }),
  });
}
