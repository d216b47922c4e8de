/** What the API shows of an onboarding. The types of the view are inferred from here; workflows import them only. */
import { z } from 'zod';
import type { AcceptanceSource, DeclineCode } from './acceptance';
import { type AttentionReason, attentionReasons } from './failures';
import type { AgreementType } from './request-schema';
import { type OnboardingOutcome, type OnboardingStatus, onboardingStatuses } from './status';

/** A time as the API gives it. */
export const instant = (description: string) => z.string().meta({ format: 'date-time', description });

/** An enumeration that is documented as a plain string, because values may be added. */
function word<T extends string>(meta: { description?: string } = {}): z.ZodType<T, T> {
  return z.string().meta(meta) as unknown as z.ZodType<T, T>;
}

export const statusSchema = word<OnboardingStatus>({
  description: `The status of the onboarding: ${onboardingStatuses.join(', ')}. Values may be added.`,
});

const problemSchema = z.object({
  type: z.string(), // one of the failure types
  title: z.string(), // one sentence for an operator
  status: z.int().optional(),
  code: z.string().optional(),
  errorName: z.string().optional(),
  errors: z.record(z.string(), z.array(z.string())).optional(), // by field, the sent values masked
  correlationId: z.string().optional(),
  requestId: z.string().optional(),
  at: instant('When it happened.'),
});

const declineSchema = z.object({
  code: word<DeclineCode>(),
  comment: z.string().optional(),
  declinedAt: instant('When it was recorded.'),
});

const agreementSchema = z.object({
  templateId: z.string(),
  type: word<AgreementType>(),
  dateAgreed: z.string(),
  userId: z.string().optional(),
  agreementLink: z.string().optional(),
});

const resultSchema = z.object({
  outcome: word<OnboardingOutcome>({
    description:
      'agreementCreated, agreementAlreadyExists, expired, declined or attestationRejected. Values may be added.',
  }),
  dealId: z.string(),
  customerId: z.string(),
  attempt: z.int(),
  acceptedAt: instant('When the customer accepted.').optional(),
  dateAgreed: instant('The date that was sent to Partner Center.').optional(),
  agreement: agreementSchema.optional(),
  // earlier: the agreement existed before; unknown: perhaps created by a call of ours whose answer was lost
  createdBy: word<'thisOnboarding' | 'earlier' | 'unknown'>({
    description: 'thisOnboarding, earlier or unknown.',
  }).optional(),
  // expired although Microsoft's window was used: the customer may believe they accepted, so call them
  acceptanceUnconfirmed: z.boolean().optional(),
  decline: declineSchema.optional(),
  problem: problemSchema.optional(),
  correlationId: z.string(),
});

export const onboardingSchema = z
  .object({
    status: statusSchema,
    attentionReason: word<AttentionReason>({ description: `${attentionReasons.join(', ')}.` }).optional(),
    dealId: z.string(),
    resellerId: z.string().optional(),
    customerId: z.string(),
    attempt: z.int().meta({ description: 'Which attempt at the deal this is, from 1.' }),
    createdAt: instant('When this attempt was started.'),
    attestation: z
      .object({ round: z.int(), live: z.boolean(), expiresAt: instant('When the attestation expires.') })
      .optional(),
    acceptBy: instant('When the customer’s link expires.').optional(),
    acceptedAt: instant('When the customer accepted.').optional(),
    completedAt: instant('When the onboarding ended.').optional(),
    acceptance: z
      .object({
        acceptedAt: z.string().optional(),
        acceptanceId: z.string().optional(),
        round: z.int().optional(),
        source: word<AcceptanceSource>().optional(),
        actor: z.string().optional(),
        reason: z.string().optional(),
      })
      .optional(),
    // the signatory's visits to our page
    page: z
      .object({ firstOpenedAt: z.string(), lastOpenedAt: z.string(), frameUsedAt: z.string() })
      .partial()
      .optional(),
    decline: declineSchema.optional(),
    problem: problemSchema.optional(),
    nextRetryAt: instant('When the onboarding tries again by itself.').optional(),
    // cancelled during a Create Agreement call whose answer was lost: look the customer up in Partner Center
    agreementMayExist: z.boolean().optional(),
    result: resultSchema.optional(),
    metadata: z.record(z.string(), z.string()).optional(),
    history: z.array(z.object({ status: word<OnboardingStatus>(), at: z.string() })),
    partial: z
      .boolean()
      .meta({ description: 'No worker answered: attestation, acceptance and history are missing.' })
      .optional(),
  })
  .meta({ id: 'Onboarding' });

/** One attempt at a deal as lists show it: what Temporal itself knows. */
export const listedSchema = z
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
  .meta({ id: 'ListedOnboarding' });

/** The view that leaves the system: without the attestation's id, a bearer secret, and without the page's evidence. */
export type PublicView = z.infer<typeof onboardingSchema>;
/** Why a call to Partner Center did not succeed: never a body, a token or a person's data. */
export type Problem = z.infer<typeof problemSchema>;
export type Decline = z.infer<typeof declineSchema>;
export type OnboardingResult = z.infer<typeof resultSchema>;
