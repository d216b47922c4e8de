/** What callers report of the customer and ask of an onboarding, and what they hear. */
import { z } from 'zod';
import { declineCodes } from '../../onboarding/acceptance';
import { instant } from './onboarding';

/** A bounded text that someone typed. */
export const text = (maxLength: number) =>
  z
    .string(`must be a text of 1 to ${maxLength} characters`)
    .min(1, 'must not be empty')
    .max(maxLength, `must have at most ${maxLength} characters`);

export const acceptanceBodySchema = z
  .strictObject(
    {
      acceptedAt: z.iso
        .datetime({ offset: true, error: 'must be an ISO 8601 time with its zone, for example 2026-01-31T12:00:00Z' })
        .meta({ description: 'When the customer accepted; default: now.' })
        .optional(),
      acceptanceId: text(128).meta({ description: 'The same id always gets the same receipt.' }).optional(),
      round: z.int('must be a whole number').min(1, 'must be at least 1').optional(),
      source: z.enum(['crm', 'operator'], 'must be crm or operator').optional(),
      actor: text(200).meta({ description: 'Who reports it; default: the name of the API key.' }).optional(),
      reason: text(1000).optional(),
    },
    'must be a JSON object',
  )
  .optional();

export const receiptSchema = z
  .object({ acceptedAt: instant('When the customer accepted.'), acceptanceId: z.string(), round: z.int() })
  .meta({ id: 'Receipt' });

export const storedSchema = z
  .object({ stored: z.literal(true), acceptanceId: z.string() })
  .meta({ id: 'StoredAcceptance', description: 'No worker answered; the next one reads the acceptance.' });

export const frameSchema = z
  .object({
    url: z.string().meta({ description: 'Microsoft’s page for an iframe: a secret, for the signatory only.' }),
    round: z.int(),
    expiresAt: instant('When the page stops taking an acceptance.'),
  })
  .meta({ id: 'AcceptanceFrame' });

export const linkSchema = z
  .object({ acceptanceUrl: z.string(), acceptBy: instant('The end of the link.').optional() })
  .meta({ id: 'AcceptanceLink' });

export const declineBodySchema = z.strictObject(
  {
    code: z.enum(declineCodes, `must be one of ${declineCodes.join(', ')}`),
    comment: text(1000).optional(),
  },
  'must be a JSON object with a code',
);

export const declinedSchema = z.object({ declinedAt: instant('When it was recorded.') }).meta({ id: 'Declined' });

export const reasonBodySchema = z
  .strictObject(
    { reason: text(1000).meta({ description: 'Kept in the gateway’s log; no personal data.' }).optional() },
    'must be a JSON object',
  )
  .optional();

export const requestedSchema = z.object({ id: z.string(), requested: z.string() }).meta({ id: 'Requested' });
