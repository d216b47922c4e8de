/** What operators do with an onboarding; the log says who did it and why. */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { textLimits } from '../../onboarding/acceptance';
import { type Api, idSchema, jsonAnswer, getWriteProblems, readOpenRun, text } from '../api';
import { getCaller, getVisibleId } from '../authentication';
import type { GatewayDependencies } from '../dependencies';
import { ProblemError } from '../problems';

const reasonBodySchema = z
  .strictObject(
    {
      reason: text(textLimits.reason).meta({ description: 'Kept in the gateway’s log; no personal data.' }).optional(),
    },
    'must be a JSON object',
  )
  .optional();

const requestedSchema = z.object({ id: z.string(), requested: z.string() }).meta({ id: 'Requested' });

export function addOperatorRoutes(api: Api, { onboardings, log }: GatewayDependencies): void {
  const note = (call: FastifyRequest, requested: 'cancellation' | 'retry', id: string, reason: string | undefined) => {
    const caller = getCaller(call).name;
    log.info({ requested, onboardingId: id, caller, reason, correlationId: call.id }, 'An operator’s request');
    return { id, requested };
  };

  api.route({
    method: 'POST',
    url: '/v1/onboardings/:id/cancel',
    schema: {
      operationId: 'cancelOnboarding',
      summary: 'Cancel an onboarding',
      description: 'A Create Agreement call in progress is completed first, and its answer decides the outcome.',
      params: idSchema,
      body: reasonBodySchema,
      response: {
        202: jsonAnswer('Cancellation requested.', requestedSchema),
        ...getWriteProblems('onboarding-not-found', 'not-open'),
      },
    },
    handler: async (call, reply) => {
      const id = getVisibleId(call);
      await readOpenRun(onboardings, id);
      await onboardings.cancel(id);
      void reply.code(202);
      return note(call, 'cancellation', id, call.body?.reason);
    },
  });

  api.route({
    method: 'POST',
    url: '/v1/onboardings/:id/retry',
    schema: {
      operationId: 'retryOnboarding',
      summary: 'Resume an onboarding in needsAttention',
      description: 'It continues where it stopped, once the cause is fixed.',
      params: idSchema,
      body: reasonBodySchema,
      response: {
        202: jsonAnswer('Retry requested.', requestedSchema),
        ...getWriteProblems('onboarding-not-found', 'needs-no-attention', 'not-open'),
      },
    },
    handler: async (call, reply) => {
      const id = getVisibleId(call);
      const { status } = await readOpenRun(onboardings, id);
      // The run would accept the signal and ignore it.
      if (status !== 'needsAttention') {
        throw new ProblemError('needs-no-attention', `Onboarding ${id} is in ${status}.`, { onboardingStatus: status });
      }
      await onboardings.retry(id);
      void reply.code(202);
      return note(call, 'retry', id, call.body?.reason);
    },
  });
}
