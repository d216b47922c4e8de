/** Reading one onboarding, and listing them page by page. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { OnboardingFilter } from '../../client/listing';
import { attentionReasons } from '../../onboarding/failures';
import { onboardingStatuses } from '../../onboarding/status';
import { toPublicView } from '../../onboarding/view';
import { listedSchema, onboardingSchema } from '../../onboarding/view-schema';
import { type Api, idSchema, jsonAnswer, getReadProblems, text } from '../api';
import { type Caller, getCaller, getVisibleId } from '../authentication';
import type { GatewayDependencies } from '../dependencies';
import { invalidRequest, ProblemError } from '../problems';

const dayOrInstant = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], 'must be an ISO 8601 time such as 2026-01-31T12:00:00Z')
  .transform((value) => new Date(value));

const listQuerySchema = z.strictObject({
  status: z.enum(onboardingStatuses, `must be one of ${onboardingStatuses.join(', ')}`).optional(),
  attentionReason: z.enum(attentionReasons, `must be one of ${attentionReasons.join(', ')}`).optional(),
  customerId: z.guid('must be a GUID').optional(),
  campaignId: text(128).optional(),
  resellerId: text(63).optional(),
  startedAfter: dayOrInstant.optional(),
  closedAfter: dayOrInstant.optional(),
  pageSize: z.coerce
    .number('must be a whole number from 1 to 100')
    .int('must be a whole number from 1 to 100')
    .min(1, 'must be at least 1')
    .max(100, 'must be at most 100')
    .default(50),
  cursor: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,4096}$/, 'must be the nextCursor of an earlier answer')
    .optional(),
});

const listSchema = z
  .object({
    onboardings: z.array(listedSchema),
    nextCursor: z.string().meta({ description: 'For the next page; absent on the last one.' }).optional(),
  })
  .meta({ id: 'OnboardingList' });

export function addReadRoutes(api: Api, { onboardings: client }: GatewayDependencies): void {
  api.route({
    method: 'GET',
    url: '/v1/onboardings',
    schema: {
      operationId: 'listOnboardings',
      summary: 'List onboardings, the newest first',
      description: 'Changes appear after a moment. A deal that was restarted is listed once for each attempt.',
      querystring: listQuerySchema,
      response: { 200: jsonAnswer('One page.', listSchema), ...getReadProblems('invalid-request', 'other-reseller') },
    },
    handler: async (call) => {
      const { pageSize, cursor, ...asked } = call.query;
      const filter = limitToReseller(asked, getCaller(call));
      const token = cursor === undefined ? undefined : readCursor(cursor);
      if (cursor !== undefined && token === undefined) throw unknownCursor();
      const { onboardings, next } = await client.listPage(filter, { pageSize, cursor: token });
      return {
        // Parsed, so that a new member is published only once the description has it.
        onboardings: onboardings.map((listed) => listedSchema.parse(listed)),
        nextCursor: next && toCursor(next),
      };
    },
  });

  api.route({
    method: 'GET',
    url: '/v1/onboardings/:id',
    schema: {
      operationId: 'getOnboarding',
      summary: 'Get the status of a deal’s onboarding',
      params: idSchema,
      response: {
        200: jsonAnswer('Its newest attempt.', onboardingSchema),
        ...getReadProblems('onboarding-not-found'),
      },
    },
    handler: async (call) => toPublicView(await client.view(getVisibleId(call))),
  });
}

/** A reseller's key lists that reseller's deals only. */
function limitToReseller(filter: OnboardingFilter, { resellerId }: Caller): OnboardingFilter {
  if (resellerId === undefined) return filter;
  if (filter.resellerId !== undefined && filter.resellerId !== resellerId) {
    throw new ProblemError('other-reseller', `This API key sees deals of ${resellerId} only.`);
  }
  return { ...filter, resellerId };
}

function unknownCursor(): ProblemError {
  return invalidRequest([{ parameter: 'cursor', detail: 'must be the nextCursor of an earlier answer' }]);
}

const CHECKSUM_BYTES = 8;

/** A position in a list as callers get it: the server's own token after a checksum. */
export function toCursor(token: Uint8Array): string {
  return Buffer.concat([getChecksum(token), token]).toString('base64url');
}

/**
 * The server's token, or undefined for a damaged cursor, which the server would answer with an error that looks like an
 * outage. The checksum protects nothing else: a token holds a position only.
 */
export function readCursor(cursor: string): Uint8Array | undefined {
  const bytes = Buffer.from(cursor, 'base64url');
  const token = bytes.subarray(CHECKSUM_BYTES);
  return bytes.subarray(0, CHECKSUM_BYTES).equals(getChecksum(token)) ? token : undefined;
}

function getChecksum(token: Uint8Array): Buffer {
  return createHash('sha256').update(token).digest().subarray(0, CHECKSUM_BYTES);
}
