import { ApplicationFailure } from '@temporalio/activity';
import { failureRules } from '../onboarding/failure-types';
import type { AgreementChoice, VouchedAgreement } from '../onboarding/request';
import type { AgreementRecord } from '../onboarding/view';
import type { AgreementRequest, PartnerCenter } from '../partner-center';
import type { CallIds } from './attestation';
import { callPartnerCenter } from './partner-center-call';

export interface CreateAgreementInput extends CallIds {
  customerId: string;
  /** The accepted attestation; absent in the old method. */
  attestationId?: string | undefined;
  dateAgreed: string;
  agreement: AgreementChoice | VouchedAgreement;
}

export interface AgreementSettings {
  defaultUserId?: string | undefined;
  defaultTemplateId: string;
  allowPrimaryContactMethod: boolean;
}

/** Creates the agreement, filling in from the settings what the request leaves open; returns it as it now stands. */
export async function createAgreement(
  partnerCenter: PartnerCenter,
  settings: AgreementSettings,
  { customerId, attestationId, dateAgreed, agreement, requestId, correlationId }: CreateAgreementInput,
): Promise<{ dateAgreed: string; agreement: AgreementRecord }> {
  const userId = agreement.userId ?? settings.defaultUserId;
  const request: AgreementRequest = {
    ...(userId !== undefined && { userId }),
    ...(attestationId === undefined ? primaryContactOf(agreement, settings) : { attestationId }),
    templateId: agreement.templateId ?? settings.defaultTemplateId,
    dateAgreed,
    type: agreement.type ?? 'MicrosoftCustomerAgreement',
  };
  const created = await callPartnerCenter('createAgreement', { outlivesCancellation: true }, (signal) =>
    partnerCenter.createAgreement(customerId, request, { requestId, correlationId, signal }),
  );
  return {
    dateAgreed,
    agreement: {
      templateId: request.templateId,
      type: request.type,
      dateAgreed,
      ...(userId !== undefined && { userId }),
      ...(created.agreementLink !== undefined && { agreementLink: created.agreementLink }),
    },
  };
}

function primaryContactOf(agreement: AgreementChoice | VouchedAgreement, settings: AgreementSettings) {
  if (!('primaryContact' in agreement)) return {};
  if (!settings.allowPrimaryContactMethod) {
    const type = 'PrimaryContactMethodOff';
    throw ApplicationFailure.nonRetryable(failureRules[type].title, type, { problem: {}, answersLost: false });
  }
  return { primaryContact: agreement.primaryContact };
}
