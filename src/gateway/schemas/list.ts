import { z } from 'zod';
import { attentionReasons } from '../../onboarding/failure-types';
import { text } from './answers';
import { onboardingStatuses, statusSchema } from './onboarding';

const dayOrInstant = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], 'must be an ISO 8601 time such as 2026-01-31T12:00:00Z')
  .transform((value) => new Date(value));

export const listQuerySchema = z.strictObject({
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
    .regex(/^[A-Za-z0-9_-]{1,4096}$/, 'must be nextCursor of an answer')
    .optional(),
});

export const listSchema = z
  .object({
    onboardings: z.array(
      z
        .object({
          id: z.string(),
          status: statusSchema,
          attentionReason: z.string().optional(),
          dealId: z.string(),
          resellerId: z.string().optional(),
          customerId: z.string().optional(),
          campaignId: z.string().optional(),
          attempt: z.int(),
          startedAt: z.string(),
          acceptBy: z.string().optional(),
          closedAt: z.string().optional(),
        })
        .meta({ id: 'ListedOnboarding' }),
    ),
    nextCursor: z.string().meta({ description: 'For the next page; absent on the last one.' }).optional(),
  })
  .meta({ id: 'OnboardingList' });
