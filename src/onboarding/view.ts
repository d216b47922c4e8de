/** What an onboarding shows of itself: its status, its view, its result. */
import type { Acceptance, DeclineCode } from './acceptance';
import type { AttentionReason } from './failure-types';
import type { AgreementType } from '../partner-center';

/** How an onboarding may end in business terms. Consumers must expect further values. */
export const outcomes = [
  'agreementCreated',
  'agreementAlreadyExists',
  'expired',
  'declined',
  'attestationRejected',
] as const;
export type OnboardingOutcome = (typeof outcomes)[number];

/** In the order of an onboarding's course. Consumers must expect further values. */
export const onboardingStatuses = [
  'creatingAttestation',
  'awaitingAcceptance',
  'creatingAgreement',
  'needsAttention',
  ...outcomes,
  'cancelled',
  'failed',
] as const;
export type OnboardingStatus = (typeof onboardingStatuses)[number];

/** Why a call to Partner Center did not succeed: never a body, a token or a person's data. */
export interface Problem {
  /** One of the failure types. */
  type: string;
  /** One sentence for an operator. */
  title: string;
  status?: number;
  code?: string;
  errorName?: string;
  /** Field → what Partner Center says about it, the sent values masked. */
  errors?: Record<string, string[]>;
  correlationId?: string;
  requestId?: string;
  at: string;
}

/** The agreement as Partner Center confirmed it or as it was sent: no personal data. */
export interface AgreementRecord {
  templateId: string;
  type: AgreementType;
  dateAgreed: string;
  userId?: string;
  agreementLink?: string;
}

/** `earlier`: someone else's or a former agreement; `unknown`: perhaps our own call whose answer was lost. */
export type CreatedBy = 'thisOnboarding' | 'earlier' | 'unknown';

export interface Decline {
  code: DeclineCode;
  comment?: string;
  declinedAt: string;
}

export interface OnboardingResult {
  outcome: OnboardingOutcome;
  dealId: string;
  customerId: string;
  attempt: number;
  acceptedAt?: string;
  dateAgreed?: string;
  agreement?: AgreementRecord;
  createdBy?: CreatedBy;
  /** Expired although Microsoft's window was used: the customer may believe to have accepted, so call, do not close. */
  acceptanceUnconfirmed?: boolean;
  decline?: Decline;
  problem?: Problem;
  correlationId: string;
}

export interface OnboardingView {
  status: OnboardingStatus;
  attentionReason?: AttentionReason;
  dealId: string;
  resellerId?: string;
  customerId: string;
  attempt: number;
  createdAt: string;
  /** `id` is a bearer secret until it is used: not for logs, URLs of ours or HTTP answers. */
  attestation?: { id: string; round: number; live: boolean; expiresAt: string };
  acceptBy?: string;
  acceptedAt?: string;
  completedAt?: string;
  acceptance?: Acceptance;
  /** The signatory's visits of our page. */
  page?: { firstOpenedAt?: string; lastOpenedAt?: string; frameUsedAt?: string };
  decline?: Decline;
  problem?: Problem;
  nextRetryAt?: string;
  /** Cancelled while Create Agreement was on its way and its answer was lost: look in Partner Center. */
  agreementMayExist?: boolean;
  result?: OnboardingResult;
  metadata?: Record<string, string>;
  history: { status: OnboardingStatus; at: string }[];
}
