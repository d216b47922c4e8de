/** The agreement reads, the direct-acceptance status, and the order that none of them lets through too early. */
import { randomUUID } from 'node:crypto';
import { zonelessUtc } from './agreement-request';
import { classicError } from './errors';
import type { Answer, Call } from './operation';
import { AGREEMENT_READ, collection, guarded, OPEN_TO_ALL } from './partner-center';
import type { Agreement } from './store';
import { TEMPLATES } from './templates';

/** Agreements accepted before this day must be accepted again before the customer can order. */
const ACCEPTED_ANEW_SINCE = Date.UTC(2023, 3, 1);

/** `GET /v1/agreements`. */
export const agreementMetadata = guarded(AGREEMENT_READ, (_world, call): Answer => {
  const type = requestedType(call);
  const templates = TEMPLATES.filter((template) => matches(type, template.agreementType));
  return collection(templates, `/agreements?agreementType=${type}`);
});

/** `GET /v1/customers/{id}/agreements`. */
export const customerAgreements = guarded(AGREEMENT_READ, (world, call): Answer => {
  const type = requestedType(call);
  const visibleSince = world.clock.now() - world.switches.agreementReadDelayMs;
  const visible = world.store
    .agreementsOf(call.customerId)
    .filter((agreement) => agreement.createdAt <= visibleSince && matches(type, agreement.type));
  return collection(visible.map(asRead), `/customers/${call.customerId}/agreements?agreementType=${type}`);
});

/** `GET /v1/customers/{id}/directSignedMicrosoftCustomerAgreementStatus`. */
export const directSignedStatus = guarded(AGREEMENT_READ, (world, { customerId }): Answer => {
  return { status: 200, body: { isSigned: world.store.directAcceptances.has(customerId) } };
});

/** `POST /v1/customers/{id}/orders`: refused until the customer has a current agreement by either path. */
export const createOrder = guarded(OPEN_TO_ALL, (world, { customerId }): Answer => {
  const confirmed = world.store.agreementsOf(customerId).map((agreement) => agreement.dateAgreed);
  const direct = world.store.directAcceptances.get(customerId) ?? Number.NEGATIVE_INFINITY;
  if (Math.max(direct, ...confirmed) < ACCEPTED_ANEW_SINCE) {
    return classicError(403, 13605, 'The Microsoft Customer Agreement of the customer is not confirmed.');
  }
  return {
    status: 201,
    body: {
      id: randomUUID(),
      referenceCustomerId: customerId,
      status: 'pending',
      creationDate: new Date(world.clock.now()).toISOString(),
      attributes: { objectType: 'Order' },
    },
  };
});

/** A missing filter means the Cloud Agreement, which hides every customer agreement. */
function requestedType(call: Call): string {
  return call.query['agreementType'] ?? 'MicrosoftCloudAgreement';
}

function matches(requested: string, type: string): boolean {
  return requested === '*' || requested === type;
}

function asRead(agreement: Agreement): object {
  const template = TEMPLATES.find(({ templateId }) => templateId === agreement.templateId);
  return {
    ...(agreement.userId === null ? {} : { userId: agreement.userId }),
    primaryContact: agreement.contact,
    templateId: agreement.templateId,
    dateAgreed: zonelessUtc(agreement.dateAgreed),
    type: agreement.type,
    agreementLink: template?.agreementLink,
  };
}
