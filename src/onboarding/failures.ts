/** Every way a call to Partner Center can fail, what the workflow does about it, and how an operator fixes it. */

/** Why an onboarding waits for an operator, and what the operator does about it. */
export const remediations = {
  access:
    'Check the app registration in Microsoft Entra and Partner Center: secret or certificate expired, consent missing, wrong partner type. `doctor` reports which.',
  attestationRefused:
    'Read the problem that `npx onboarding status` shows; fix the cause, or cancel and start the deal again.',
  customerUnknown: 'Check that the customer has a relationship with this partner in Partner Center.',
  refused:
    'Ask the customer whether Accept Agreement was selected in Microsoft’s window, and look the customer up in Partner Center.',
  retriesUsedUp:
    'Check the service health of Partner Center and your own network. For an UnexpectedError, read the log of the worker.',
} as const;
export type AttentionReason = keyof typeof remediations;
export const attentionReasons = Object.keys(remediations) as [AttentionReason, ...AttentionReason[]];

interface FailureRule {
  /** Whether Temporal retries the activity. If not, Partner Center certainly did nothing: the next call gets a new request id. */
  retried: boolean;
  /** Why the run waits for an operator, unless the caller handles this failure (`expectedFailures` in workflows/calls.ts). */
  attention: AttentionReason;
  title: string;
}

function refused(attention: AttentionReason, title: string): FailureRule {
  return { retried: false, attention, title };
}

function temporary(title: string): FailureRule {
  return { retried: true, attention: 'retriesUsedUp', title };
}

/**
 * The literal `type` of each ApplicationFailure. The names are part of recorded histories and of the retry policy that
 * the Temporal UI shows: add, never rename.
 */
export const failureRules = {
  AgreementAlreadyExists: refused(
    'refused',
    'Partner Center already holds a confirmed agreement for this customer (600061).',
  ),
  // Rejected: the data is wrong, and the onboarding ends. Refused: any other reason, and an operator decides.
  AttestationRejected: refused(
    'attestationRefused',
    'Partner Center rejects the data of the attestation; the errors name the fields.',
  ),
  AttestationRefused: refused('attestationRefused', 'Partner Center refuses to create the attestation.'),
  AuthenticationRejected: refused('access', 'Partner Center does not accept our access token, not even a fresh one.'),
  AccessDenied: refused('access', 'Partner Center denies us access.'),
  NotAvailableForPartner: refused('access', 'Partner Center does not offer attestations to this type of partner.'),
  TokenRefused: refused('access', 'Microsoft Entra refuses our credentials.'),
  CustomerNotFound: refused('customerUnknown', 'Partner Center does not know this customer.'),
  AgreementRefused: refused(
    'refused',
    'Partner Center refuses to create the agreement; the acceptance may not have reached it yet.',
  ),
  PrimaryContactMethodOff: refused(
    'access',
    'The primary contact method (agreement.primaryContact) is switched off; Microsoft retired it in the public cloud on 2026-01-05. Cancel the run, or set ALLOW_PRIMARY_CONTACT_METHOD=true where your cloud still has it.',
  ),
  Throttled: temporary('Partner Center is throttling our calls.'),
  PartnerCenterUnavailable: temporary('Partner Center did not give a usable answer.'),
  TokenUnavailable: temporary('Microsoft Entra could not be reached for an access token.'),
  UnexpectedError: temporary('The call failed unexpectedly: a defect of this software. See the worker’s log.'),
};

export type FailureType = keyof typeof failureRules;

export const failureTypes = Object.keys(failureRules) as FailureType[];

export function isFailureType(type: unknown): type is FailureType {
  return typeof type === 'string' && Object.hasOwn(failureRules, type);
}
