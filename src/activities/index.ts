import type { AgreementSettings } from '../config';
import type { PartnerCenter } from '../partner-center';
import { createAgreement, type CreateAgreementInput, findAgreementRecord } from './create-agreement';
import { createAttestation, type CreateAttestationInput } from './create-attestation';

export interface ActivityDependencies {
  partnerCenter: PartnerCenter;
  agreementSettings: AgreementSettings;
}

export function createActivities({ partnerCenter, agreementSettings }: ActivityDependencies) {
  return {
    createAttestation: (input: CreateAttestationInput) => createAttestation(partnerCenter, input),
    createAgreement: (input: CreateAgreementInput) => createAgreement(partnerCenter, agreementSettings, input),
    findAgreementRecord: (input: CreateAgreementInput & { since: string }) =>
      findAgreementRecord(partnerCenter, agreementSettings, input),
  };
}

export type Activities = ReturnType<typeof createActivities>;
