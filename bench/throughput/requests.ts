import type { AttestedRequest } from '../../src/onboarding/request';

/** What Partner Center is asked for; a signatory of its own for every customer, else it would be a duplicate. */
export function attestationOf(customerId: string): AttestedRequest['attestation'] {
  return {
    country: 'US',
    language: 'en-US',
    companyName: 'Contoso Ltd',
    signatoryFirstName: 'John',
    signatoryLastName: 'Smith',
    emailAddress: `john.smith@${customerId}.example.com`,
    phoneNumber: '+1-555-0123',
  };
}
