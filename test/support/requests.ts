import { randomUUID } from 'node:crypto';
import type { Attestation, AttestedRequest, PrimaryContactRequest } from '../../src/onboarding/request';

/** Microsoft's first example. */
export const contoso: Attestation = {
  country: 'US',
  language: 'en-US',
  companyName: 'Contoso Ltd',
  signatoryFirstName: 'John',
  signatoryLastName: 'Smith',
  emailAddress: 'john.smith@contoso.com',
  phoneNumber: '+1-555-0123',
};

/** A new deal for each test, with its own customer and id. */
export function attestedRequest(
  overrides: Partial<Omit<AttestedRequest, 'attestation'>> & { attestation?: Partial<Attestation> } = {},
): AttestedRequest {
  return {
    dealId: `D-${randomUUID()}`,
    customerId: randomUUID(),
    ...overrides,
    attestation: { ...contoso, ...overrides.attestation },
  };
}

export function primaryContactRequest(overrides: Partial<PrimaryContactRequest> = {}): PrimaryContactRequest {
  return {
    dealId: `D-${randomUUID()}`,
    customerId: randomUUID(),
    agreement: {
      primaryContact: {
        firstName: 'John',
        lastName: 'Smith',
        email: 'john.smith@contoso.com',
        phoneNumber: '+1-555-0123',
      },
      dateAgreed: '2026-11-20T10:00:00.000Z',
    },
    ...overrides,
  };
}
