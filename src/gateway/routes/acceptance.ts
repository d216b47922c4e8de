/** The customer's decision, as a CRM or the partner's own checkout reports it. */
import { z } from 'zod';
import { type Acceptance, textLimits, declineCodes } from '../../onboarding/acceptance';
import { instant } from '../../onboarding/view-schema';
import { type Api, idSchema, jsonAnswer, getWriteProblems, text, toRefusal } from '../api';
import { getCaller, getVisibleId } from '../authentication';
import type { GatewayDependencies } from '../dependencies';
import { ProblemError } from '../problems';

/** A worker answers within milliseconds, and callers get an answer within two seconds. */
const DECLINE_DEADLINE_MS = 1_500;

const acceptanceBodySchema = z
  .strictObject(
    {
      acceptedAt: z.iso
        .datetime({
          offset: true,
          error: 'must be an ISO 8601 time with a UTC offset, for example 2026-01-31T12:00:00Z',
        })
        .meta({ description: 'When the customer accepted; default: now.' })
        .optional(),
      acceptanceId: text(textLimits.acceptanceId)
        .meta({ description: 'The same id always gets the same receipt.' })
        .optional(),
      round: z.int('must be a whole number').min(1, 'must be at least 1').optional(),
      source: z.enum(['crm', 'operator'], 'must be crm or operator').optional(),
      actor: text(textLimits.actor)
        .meta({ description: 'Who reports it; default: the name of the API key.' })
        .optional(),
      reason: text(textLimits.reason).optional(),
    },
    'must be a JSON object',
  )
  .optional();

const receiptSchema = z
  .object({ acceptedAt: instant('When the customer accepted.'), acceptanceId: z.string(), round: z.int() })
  .meta({ id: 'Receipt' });

const storedSchema = z
  .object({ stored: z.literal(true), acceptanceId: z.string() })
  .meta({ id: 'StoredAcceptance', description: 'No worker answered; the acceptance is stored until one does.' });

const declineBodySchema = z.strictObject(
  {
    code: z.enum(declineCodes, `must be one of ${declineCodes.join(', ')}`),
    comment: text(textLimits.comment).optional(),
  },
  'must be a JSON object with a code',
);

const declinedSchema = z.object({ declinedAt: instant('When it was recorded.') }).meta({ id: 'Declined' });

export function addAcceptanceRoutes(api: Api, { onboardings }: GatewayDependencies): void {
  api.route({
    method: 'POST',
    url: '/v1/onboardings/:id/acceptance',
    schema: {
      operationId: 'reportAcceptance',
      summary: 'Report that the customer has accepted',
      description:
        'For partners whose own checkout shows Microsoft’s iframe. An acceptance is never lost: if no worker answers, it is stored and counts as soon as a worker runs, provided that the customer had been invited and accepted in time.',
      params: idSchema,
      body: acceptanceBodySchema,
      response: {
        200: jsonAnswer('Recorded.', receiptSchema),
        202: jsonAnswer('Stored.', storedSchema),
        ...getWriteProblems('onboarding-not-found', 'refused', 'not-open'),
      },
    },
    handler: async (call, reply) => {
      const id = getVisibleId(call);
      const result = await onboardings.reportAcceptance(id, toAcceptance(call.body ?? {}, getCaller(call).name));
      switch (result.outcome) {
        case 'recorded':
          void reply.code(200);
          return result.value;
        case 'stored':
          void reply.code(202);
          return { stored: true as const, acceptanceId: result.acceptanceId };
        case 'refused':
        case 'notOpen':
          throw await toRefusal(onboardings, id, result);
      }
    },
  });

  api.route({
    method: 'POST',
    url: '/v1/onboardings/:id/decline',
    schema: {
      operationId: 'decline',
      summary: 'Report that the customer does not accept',
      description: 'Ends the onboarding as declined. For a new signatory, restart it with new data.',
      params: idSchema,
      body: declineBodySchema,
      response: {
        200: jsonAnswer('Declined.', declinedSchema),
        ...getWriteProblems('onboarding-not-found', 'refused', 'not-open', 'no-worker'),
      },
    },
    handler: async (call) => {
      const id = getVisibleId(call);
      const result = await onboardings.reportDecline(id, call.body, { deadlineMs: DECLINE_DEADLINE_MS });
      switch (result?.outcome) {
        case 'recorded':
          return result.value;
        case 'refused':
        case 'notOpen':
          throw await toRefusal(onboardings, id, result);
        case 'stored':
        case undefined:
          throw new ProblemError(
            'no-worker',
            `It is not known whether ${id} was declined. Read its status before you send the decline again.`,
          );
      }
    },
  });
}

type SentAcceptance = NonNullable<z.infer<typeof acceptanceBodySchema>>;

function toAcceptance({ acceptedAt, ...sent }: SentAcceptance, keyName: string): Acceptance {
  return {
    source: 'crm',
    actor: keyName,
    ...sent,
    // Left out rather than undefined: the default applies only to an absent member.
    ...(acceptedAt !== undefined && { acceptedAt: new Date(acceptedAt).toISOString() }),
  };
}
