/** Agreement reads, the status of direct acceptances, and orders, which need a current agreement. */
import { randomUUID } from 'node:crypto';
import { formatZonelessUtc, TEMPLATES } from './agreement-request';
import { classicError } from './errors';
import type { Answer, Call } from './operations';
import { AGREEMENT_READ, ANY_TOKEN, buildCollection, withAccess } from './partner-center';
import type { Agreement } from './store';

/** Customers who accepted before this day must accept again before they can order. */
const RENEWAL_DATE = Date.UTC(2023, 3, 1);

/** `GET /v1/agreements`. */
export const listTemplates = withAccess(AGREEMENT_READ, (_simulation, call): Answer => {
  const type = getRequestedType(call);
  const templates = TEMPLATES.filter((template) => matches(type, template.agreementType));
  return buildCollection(templates, `/agreements?agreementType=${type}`);
});

/** `GET /v1/customers/{id}/agreements`. */
export const listCustomerAgreements = withAccess(AGREEMENT_READ, (simulation, call): Answer => {
  const type = getRequestedType(call);
  const visibleSince = simulation.clock.now() - simulation.switches.agreementReadDelayMs;
  const visible = simulation.store
    .getAgreements(call.customerId)
    .filter((agreement) => agreement.createdAt <= visibleSince && matches(type, agreement.type));
  return buildCollection(visible.map(toReadShape), `/customers/${call.customerId}/agreements?agreementType=${type}`);
});

/** `GET /v1/customers/{id}/directSignedMicrosoftCustomerAgreementStatus`. */
export const getDirectSignedStatus = withAccess(AGREEMENT_READ, (simulation, { customerId }): Answer => {
  return { status: 200, body: { isSigned: simulation.store.directAcceptances.has(customerId) } };
});

/** `POST /v1/customers/{id}/orders`: refused until the customer has a current agreement, confirmed by the partner or direct. */
export const createOrder = withAccess(ANY_TOKEN, (simulation, { customerId }): Answer => {
  const confirmed = simulation.store.getAgreements(customerId).map((agreement) => agreement.dateAgreed);
  const direct = simulation.store.directAcceptances.get(customerId) ?? Number.NEGATIVE_INFINITY;
  if (Math.max(direct, ...confirmed) < RENEWAL_DATE) {
    return classicError(403, 13605, 'The Microsoft Customer Agreement of the customer is not confirmed.');
  }
  return {
    status: 201,
    body: {
      id: randomUUID(),
      referenceCustomerId: customerId,
      status: 'pending',
      creationDate: new Date(simulation.clock.now()).toISOString(),
      attributes: { objectType: 'Order' },
    },
  };
});

/** Without a filter the service lists Cloud Agreements only. */
function getRequestedType(call: Call): string {
  return call.query['agreementType'] ?? 'MicrosoftCloudAgreement';
}

function matches(requested: string, type: string): boolean {
  return requested === '*' || requested === type;
}

function toReadShape(agreement: Agreement): object {
  const template = TEMPLATES.find(({ templateId }) => templateId === agreement.templateId);
  return {
    userId: agreement.userId ?? undefined,
    primaryContact: agreement.contact,
    templateId: agreement.templateId,
    dateAgreed: formatZonelessUtc(agreement.dateAgreed),
    type: agreement.type,
    agreementLink: template?.agreementLink,
  };
}
