/** How an onboarding may end in business terms. Consumers must expect further values. */
export const outcomes = [
  'agreementCreated',
  'agreementAlreadyExists',
  'expired',
  'declined',
  'attestationRejected',
] as const;
export type OnboardingOutcome = (typeof outcomes)[number];

/** In the order in which an onboarding passes through them. Consumers must expect further values. */
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
