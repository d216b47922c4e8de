/** `POST /v1/customers/{id}/agreements`. */
import { readAgreementRequest, zonelessUtc, type AgreementRequest } from './agreement-request';
import { isDuplicate } from './duplicates';
import { classicError, customerServiceError } from './errors';
import type { Answer, Call } from './operation';
import { AGREEMENT_WRITE, guarded } from './partner-center';
import type { Agreement, Attestation, Contact } from './store';
import type { Switches } from './switches';
import { CUSTOMER_AGREEMENT } from './templates';
import type { World } from './world';

export const createAgreement = guarded(AGREEMENT_WRITE, (world, call): Answer => {
  const requestId = call.headers['ms-requestid'];
  if (world.switches.requestIdReplay === 'ignore' || requestId === undefined) return decide(world, call);
  const key = `${call.customerId} ${requestId}`;
  const first = world.store.replays.get(key);
  if (first) return { ...first, committed: false };
  const answer = decide(world, call);
  world.store.replays.set(key, answer);
  return answer;
});

function decide(world: World, call: Call): Answer {
  const { switches, store } = world;
  const { customerId } = call;
  const read = readAgreementRequest(call, switches);
  if ('refusal' in read) return read.refusal;
  const { request } = read;

  const attestation = request.attestationId === null ? undefined : store.attestations.get(request.attestationId);
  const contact = contactOf(request, attestation, switches);
  const duplicate = () => duplicateFault(world, customerId, contact);
  const refused = () => attestationFault(world, customerId, request, attestation);
  const refusal = switches.duplicateCheckedFirst ? (duplicate() ?? refused()) : (refused() ?? duplicate());
  if (refusal) return refusal;

  // The request was read to hold one of the two, and an unknown attestation was refused above.
  if (!contact) throw new Error('An agreement needs an attestation or a primary contact.');
  const agreement: Agreement = {
    customerId,
    attestationId: attestation?.id ?? null,
    userId: request.userId,
    contact,
    templateId: CUSTOMER_AGREEMENT.templateId,
    type: CUSTOMER_AGREEMENT.agreementType,
    dateAgreed: request.dateAgreed,
    createdAt: world.clock.now(),
    companyName: attestation?.companyName ?? null,
    requestId: call.headers['ms-requestid'] ?? null,
  };
  store.addAgreement(agreement);
  attestation?.usedBy.push(customerId);
  return { status: switches.createdStatus, body: createdBody(agreement, request, switches), committed: true };
}

/** Without an id of its own: the service gives an agreement none. */
function createdBody(agreement: Agreement, request: AgreementRequest, switches: Switches): object {
  return {
    ...(agreement.userId === null ? {} : { userId: agreement.userId }),
    ...(request.primaryContact === null ? {} : { primaryContact: request.primaryContact }),
    templateId: agreement.templateId,
    dateAgreed: zonelessUtc(agreement.dateAgreed),
    type: agreement.type,
    agreementLink: CUSTOMER_AGREEMENT.agreementLink,
    ...(switches.echoAttestationId && agreement.attestationId ? { attestationId: agreement.attestationId } : {}),
  };
}

function contactOf(
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

function duplicateFault(world: World, customerId: string, contact: Contact | undefined): Answer | undefined {
  const { switches, store } = world;
  const earlier = store.agreementsOf(customerId).map((agreement) => agreement.contact);
  if (contact === undefined || !isDuplicate(contact, earlier, switches)) return undefined;
  return customerServiceError({
    status: switches.duplicateStatus,
    code: switches.duplicateCodeType === 'string' ? '600061' : 600061,
    message: 'A partner confirmed agreement already exists for the customer.',
    errorName: 'PartnerConfirmedAgreementAlreadyExists',
    isRetryable: false,
  });
}

function attestationFault(
  world: World,
  customerId: string,
  request: AgreementRequest,
  attestation: Attestation | undefined,
): Answer | undefined {
  const { attestationRefusals: refusals, ...switches } = world.switches;
  const now = world.clock.now();
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
      return classicError(400, 3000, 'The property dateAgreed lies before the acceptance.');
    }
  }
  const skew = switches.maxDateAgreedSkewMs;
  if (skew !== null && request.dateAgreed > now + skew) {
    return classicError(400, 3000, 'The property dateAgreed lies in the future.');
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
