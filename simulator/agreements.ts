/** Create Agreement: duplicates, the state of the attestation, and repeated request ids. */
import {
  type AgreementRequest,
  CUSTOMER_AGREEMENT,
  formatZonelessUtc,
  parseAgreementRequest,
} from './agreement-request';
import { classicError, customerServiceError } from './errors';
import type { Answer, Call } from './operations';
import { AGREEMENT_WRITE, withAccess } from './partner-center';
import type { Simulation } from './simulation';
import type { Agreement, Attestation, Contact } from './store';
import type { Switches } from './switches';

/** `POST /v1/customers/{id}/agreements`. */
export const createAgreement = withAccess(AGREEMENT_WRITE, (simulation, call): Answer => {
  const requestId = call.headers['ms-requestid'];
  if (simulation.switches.requestIdReplay === 'ignore' || requestId === undefined) return decide(simulation, call);
  const key = `${call.customerId} ${requestId}`;
  const first = simulation.store.replays.get(key);
  if (first) return { ...first, committed: false };
  const answer = decide(simulation, call);
  simulation.store.replays.set(key, answer);
  return answer;
});

function decide(simulation: Simulation, call: Call): Answer {
  const { switches, store } = simulation;
  const { customerId } = call;
  const read = parseAgreementRequest(call, switches);
  if ('refusal' in read) return read.refusal;
  const { request } = read;

  const attestation = request.attestationId === null ? undefined : store.attestations.get(request.attestationId);
  const contact = chooseContact(request, attestation, switches);
  const duplicate = () => checkDuplicate(simulation, customerId, contact);
  const refused = () => checkAttestation(simulation, customerId, request, attestation);
  const refusal = switches.duplicateCheckedFirst ? (duplicate() ?? refused()) : (refused() ?? duplicate());
  if (refusal) return refusal;

  // The parser requires one of the two, and an unknown attestation was refused above.
  if (!contact) throw new Error('An agreement needs an attestation or a primary contact.');
  const agreement: Agreement = {
    customerId,
    attestationId: attestation?.id ?? null,
    userId: request.userId,
    contact,
    templateId: CUSTOMER_AGREEMENT.templateId,
    type: CUSTOMER_AGREEMENT.agreementType,
    dateAgreed: request.dateAgreed,
    createdAt: simulation.clock.now(),
    companyName: attestation?.companyName ?? null,
    requestId: call.headers['ms-requestid'] ?? null,
  };
  store.addAgreement(agreement);
  attestation?.usedBy.push(customerId);
  return { status: switches.createdStatus, body: buildCreatedBody(agreement, request, switches), committed: true };
}

/** Agreements have no id in Partner Center. */
function buildCreatedBody(agreement: Agreement, request: AgreementRequest, switches: Switches): object {
  return {
    userId: agreement.userId ?? undefined,
    primaryContact: request.primaryContact ?? undefined,
    templateId: agreement.templateId,
    dateAgreed: formatZonelessUtc(agreement.dateAgreed),
    type: agreement.type,
    agreementLink: CUSTOMER_AGREEMENT.agreementLink,
    attestationId: switches.echoAttestationId ? (agreement.attestationId ?? undefined) : undefined,
  };
}

function chooseContact(
  request: AgreementRequest,
  attestation: Attestation | undefined,
  switches: Switches,
): Contact | undefined {
  const [preferred, other] =
    switches.duplicateAgainst === 'attestation'
      ? [attestation?.contact, request.primaryContact]
      : [request.primaryContact, attestation?.contact];
  return preferred ?? other ?? undefined;
}

function checkDuplicate(simulation: Simulation, customerId: string, contact: Contact | undefined): Answer | undefined {
  const { switches, store } = simulation;
  const earlier = store.getAgreements(customerId).map((agreement) => agreement.contact);
  if (contact === undefined || !isDuplicate(contact, earlier, switches)) return undefined;
  return customerServiceError({
    status: switches.duplicateStatus,
    code: switches.duplicateCodeType === 'string' ? '600061' : 600061,
    message: 'A partner confirmed agreement already exists for the customer.',
    errorName: 'PartnerConfirmedAgreementAlreadyExists',
    isRetryable: false,
  });
}

function checkAttestation(
  simulation: Simulation,
  customerId: string,
  request: AgreementRequest,
  attestation: Attestation | undefined,
): Answer | undefined {
  const { attestationRefusals: refusals, ...switches } = simulation.switches;
  const now = simulation.clock.now();
  if (request.attestationId !== null) {
    if (!attestation) return refuse(refusals.unknown, 'The attestation does not exist.');
    if (isUsedUp(attestation, customerId, switches.attestationReuse)) {
      return refuse(refusals.alreadyUsed, 'The attestation was already used for an agreement.');
    }
    const expired = now >= attestation.expiresAt;
    if (attestation.acceptedAt === null) {
      return expired
        ? refuse(refusals.expired, 'The attestation has expired.')
        : refuse(refusals.notAccepted, 'The customer has not accepted the agreement yet.');
    }
    if (expired && !refusals.expiredAfterAcceptance.accepted) {
      return refuse(refusals.expiredAfterAcceptance, 'The attestation has expired since it was accepted.');
    }
    if (switches.dateAgreedMustFollowAcceptance && request.dateAgreed < attestation.acceptedAt) {
      return classicError(400, 3000, 'The property dateAgreed is before the acceptance.');
    }
  }
  const skew = switches.maxDateAgreedSkewMs;
  if (skew !== null && request.dateAgreed > now + skew) {
    return classicError(400, 3000, 'The property dateAgreed is in the future.');
  }
  return undefined;
}

function isUsedUp({ usedBy }: Attestation, customerId: string, reuse: Switches['attestationReuse']): boolean {
  if (reuse === 'allowed') return false;
  return reuse === 'refused' ? usedBy.length > 0 : usedBy.some((other) => other !== customerId);
}

function refuse(refusal: Switches['attestationRefusals']['unknown'], message: string): Answer {
  return customerServiceError({ ...refusal, isRetryable: refusal.isRetryable ?? undefined, message });
}

const CONTACT_FIELDS = ['firstName', 'lastName', 'email', 'phoneNumber'] as const;

type Rule = Pick<Switches, 'duplicateMatch' | 'duplicateIgnoresCase'>;

/** Whether an agreement for `contact` duplicates an agreement for one of the customer's `earlier` contacts. */
function isDuplicate(contact: Contact, earlier: readonly Contact[], rule: Rule): boolean {
  switch (rule.duplicateMatch) {
    case 'customer':
      return earlier.length > 0;
    case 'all':
      return earlier.some((other) => CONTACT_FIELDS.every((field) => isSameText(contact[field], other[field], rule)));
    case 'any':
      // Two missing phone numbers do not count as equal.
      return earlier.some((other) =>
        CONTACT_FIELDS.some((field) => contact[field] !== undefined && isSameText(contact[field], other[field], rule)),
      );
  }
}

function isSameText(one: string | undefined, other: string | undefined, rule: Rule): boolean {
  if (!rule.duplicateIgnoresCase) return one === other;
  return one?.trim().toLowerCase() === other?.trim().toLowerCase();
}
