/** Reading one onboarding. */
import { z } from 'zod';
import { attentionReasons } from '../../onboarding/failures';
import { toPublicView } from '../../onboarding/view';
import { type Api, idSchema, instant, jsonAnswer, problemsOfRead, statusSchema } from '../api';
import { getVisibleId } from '../authentication';
import type { GatewayDependencies } from '../dependencies';

const outcome = z.string().meta({
  description:
    'agreementCreated, agreementAlreadyExists, expired, declined or attestationRejected. Values may be added.',
});

const partnerCenterProblem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int().optional(),
  code: z.string().optional(),
  errorName: z.string().optional(),
  errors: z.record(z.string(), z.array(z.string())).optional(),
  correlationId: z.string().optional(),
  requestId: z.string().optional(),
  at: instant('When it happened.'),
});

const decline = z.object({
  code: z.string(),
  comment: z.string().optional(),
  declinedAt: instant('When it was recorded.'),
});

const result = z.object({
  outcome,
  dealId: z.string(),
  customerId: z.string(),
  attempt: z.int(),
  acceptedAt: instant('When the customer accepted.').optional(),
  dateAgreed: instant('The date that was sent to Partner Center.').optional(),
  agreement: z
    .object({
      templateId: z.string(),
      type: z.string(),
      dateAgreed: z.string(),
      userId: z.string().optional(),
      agreementLink: z.string().optional(),
    })
    .optional(),
  createdBy: z.string().meta({ description: 'thisOnboarding, earlier or unknown.' }).optional(),
  acceptanceUnconfirmed: z.boolean().optional(),
  decline: decline.optional(),
  problem: partnerCenterProblem.optional(),
  correlationId: z.string(),
});

/** The public view of an onboarding. */
export const onboardingSchema = z
  .object({
    status: statusSchema,
    attentionReason: z
      .string()
      .meta({ description: `${attentionReasons.join(', ')}.` })
      .optional(),
    dealId: z.string(),
    resellerId: z.string().optional(),
    customerId: z.string(),
    attempt: z.int().meta({ description: 'Which attempt at the deal this is, from 1.' }),
    createdAt: instant('When this attempt was started.'),
    attestation: z
      .object({ round: z.int(), live: z.boolean(), expiresAt: instant('The end of the attestation.') })
      .optional(),
    acceptBy: instant('The end of the customer’s link.').optional(),
    acceptedAt: instant('When the customer accepted.').optional(),
    completedAt: instant('When the onboarding ended.').optional(),
    acceptance: z
      .object({
        acceptedAt: z.string().optional(),
        acceptanceId: z.string().optional(),
        round: z.int().optional(),
        source: z.string().optional(),
        actor: z.string().optional(),
        reason: z.string().optional(),
      })
      .optional(),
    page: z
      .object({
        firstOpenedAt: z.string().optional(),
        lastOpenedAt: z.string().optional(),
        frameUsedAt: z.string().optional(),
      })
      .optional(),
    decline: decline.optional(),
    problem: partnerCenterProblem.optional(),
    nextRetryAt: instant('When the onboarding tries again by itself.').optional(),
    agreementMayExist: z.boolean().optional(),
    result: result.optional(),
    metadata: z.record(z.string(), z.string()).optional(),
    history: z.array(z.object({ status: z.string(), at: z.string() })),
    partial: z
      .boolean()
      .meta({ description: 'No worker answered: rounds, acceptance and history are missing.' })
      .optional(),
  })
  .meta({ id: 'Onboarding' });

export function addViewRoute(api: Api, { onboardings }: GatewayDependencies): void {
  api.route({
    method: 'GET',
    url: '/v1/onboardings/:id',
    schema: {
      operationId: 'getOnboarding',
      summary: 'The status of a deal’s onboarding',
      params: idSchema,
      response: {
        200: jsonAnswer('Its last attempt.', onboardingSchema),
        ...problemsOfRead('onboarding-not-found'),
      },
    },
    handler: async (call) => toPublicView(await onboardings.view(getVisibleId(call))),
  });
}
