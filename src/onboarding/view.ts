/** The status, view and result of an onboarding. */
import type { Acceptance, DeclineCode } from './acceptance';
import type { AttentionReason, Problem } from './failures';
import type { AgreementType } from './request-schema';

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

/** The agreement as Partner Center confirmed it or as it was sent: no personal data. */
export interface AgreementRecord {
  templateId: string;
  type: AgreementType;
  dateAgreed: string;
  userId?: string;
  agreementLink?: string;
}

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
  /** `earlier`: the agreement existed before; `unknown`: perhaps created by a call of ours whose answer was lost. */
  createdBy?: 'thisOnboarding' | 'earlier' | 'unknown';
  /** Expired although Microsoft's window was used: the customer may believe they accepted, so call them. */
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
  /** Cancelled during a Create Agreement call whose answer was lost: look the customer up in Partner Center. */
  agreementMayExist?: boolean;
  result?: OnboardingResult;
  metadata?: Record<string, string>;
  history: { status: OnboardingStatus; at: string }[];
}

/** The view that leaves the system: without the attestation's id, a bearer secret, and without the page's evidence. */
export type PublicView = Omit<OnboardingView, 'attestation' | 'acceptance'> & {
  attestation?: Omit<NonNullable<OnboardingView['attestation']>, 'id'>;
  acceptance?: Omit<Acceptance, 'page'>;
};

export function toPublicView<T extends OnboardingView>({ attestation, acceptance, ...rest }: T) {
  const { id: _secret, ...shownAttestation } = attestation ?? {};
  const { page: _person, ...shownAcceptance } = acceptance ?? {};
  return {
    ...rest,
    ...(attestation && { attestation: shownAttestation }),
    ...(acceptance && { acceptance: shownAcceptance }),
  } as Omit<T, 'attestation' | 'acceptance'> & PublicView;
}
