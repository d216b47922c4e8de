import type { Attestation } from '../../../src/onboarding/request';
import type { AgreementRequest, CallOptions } from '../../../src/partner-center';

export const call: CallOptions = {
  requestId: '0f4c2a51-6a0e-4a3c-9d58-3b1d0d9c1001',
  correlationId: '7b8f1d3e-92aa-4b65-8f6b-0c5a7e2d2002',
};

export const attestation: Attestation = {
  country: 'US',
  language: 'en-US',
  companyName: 'Contoso Ltd',
  signatoryFirstName: 'Joanna',
  signatoryLastName: 'Smithson',
  emailAddress: 'joanna.smithson@contoso.example',
  phoneNumber: '+1-555-0123',
};

export const customerId = '0c39d6d5-c70d-4c55-bc02-f620844f3fd1';

export const agreement: AgreementRequest = {
  userId: '80fdc6b6-ad7c-4783-be01-7b8002d2a949',
  attestationId: 'd7cb60a6-b8d3-486a-b7f5-b17ef03d3427',
  templateId: '117a77b0-9360-443b-8795-c6dedc750cf9',
  dateAgreed: '2026-11-24T09:30:00.000Z',
  type: 'MicrosoftCustomerAgreement',
};
