import { ApplicationFailure, cancellationSignal, heartbeat } from '@temporalio/activity';
import type { AgreementSettings } from '../config';
import { failureRules } from '../onboarding/failures';
import type { AgreementChoice, PrimaryContactAgreement } from '../onboarding/request';
import type { OnboardingResult } from '../onboarding/view';
import { type AgreementRequest, type PartnerCenter, PartnerCenterError, TokenError } from '../partner-center';
import { type CallIds, callPartnerCenter, withHeartbeat } from './partner-center-call';

export interface CreateAgreementInput extends CallIds {
  customerId: string;
  /** The accepted attestation; absent in the primary contact method. */
  attestationId?: string;
  dateAgreed: string;
  agreement: AgreementChoice | PrimaryContactAgreement;
}

type ConfirmedAgreement = Pick<OnboardingResult, 'dateAgreed' | 'agreement'>;

/** Creates the agreement, with the settings' values for what the request leaves out; returns the agreement as sent. */
export async function createAgreement(
  partnerCenter: PartnerCenter,
  settings: AgreementSettings,
  input: CreateAgreementInput,
): Promise<ConfirmedAgreement> {
  const { customerId, requestId, correlationId } = input;
  const request = buildAgreementRequest(settings, input);
  const { agreementLink } = await callPartnerCenter('createAgreement', (signal) =>
    partnerCenter.createAgreement(customerId, request, { requestId, correlationId, signal }),
  );
  return toConfirmedAgreement(request, agreementLink);
}

/** Microsoft's clock and Temporal's differ: a record this much older than our first call may still be ours. */
const CLOCK_DIFFERENCE_MS = 2 * 60_000;

/**
 * Looks in Partner Center's activity log for an agreement that one of our calls created although its answer was lost.
 * Undefined when there is no record, which proves nothing: records can appear hours late.
 * @throws ApplicationFailure `AgreementLookUpFailed`
 */
export async function findAgreementRecord(
  partnerCenter: PartnerCenter,
  settings: AgreementSettings,
  { since, ...input }: CreateAgreementInput & { since: string },
): Promise<ConfirmedAgreement | undefined> {
  const { customerId, requestId, correlationId } = input;
  const from = new Date(Date.parse(since) - CLOCK_DIFFERENCE_MS).toISOString();
  const query = { customerId, startDate: from.slice(0, 10), operationType: 'create_agreement' };
  try {
    const call = { requestId, correlationId, signal: cancellationSignal() };
    const records = await withHeartbeat(heartbeat, () => partnerCenter.findAuditRecords(query, call));
    const isOurs = records.some(
      ({ operationStatus, operationDate }) =>
        operationStatus.toLowerCase() === 'succeeded' && Date.parse(operationDate) >= Date.parse(from),
    );
    return isOurs ? toConfirmedAgreement(buildAgreementRequest(settings, input)) : undefined;
  } catch (error) {
    // The client's errors hold codes only; anything else is a defect.
    if (!(error instanceof PartnerCenterError || error instanceof TokenError)) throw error;
    throw ApplicationFailure.retryable(error.message, 'AgreementLookUpFailed');
  }
}

function buildAgreementRequest(
  settings: AgreementSettings,
  { attestationId, dateAgreed, agreement }: CreateAgreementInput,
): AgreementRequest {
  const userId = agreement.userId ?? settings.defaultUserId;
  return {
    userId,
    attestationId,
    primaryContact: attestationId === undefined ? getPrimaryContact(agreement, settings) : undefined,
    templateId: agreement.templateId ?? settings.defaultTemplateId,
    dateAgreed,
    type: agreement.type ?? 'MicrosoftCustomerAgreement',
  };
}

function toConfirmedAgreement({ templateId, type, dateAgreed, userId }: AgreementRequest, agreementLink?: string) {
  return { dateAgreed, agreement: { templateId, type, dateAgreed, userId, agreementLink } };
}

function getPrimaryContact(agreement: AgreementChoice | PrimaryContactAgreement, settings: AgreementSettings) {
  if (!('primaryContact' in agreement)) return undefined;
  if (!settings.allowPrimaryContactMethod) {
    const type = 'PrimaryContactMethodOff';
    throw ApplicationFailure.nonRetryable(failureRules[type].title, type, { problem: {}, answersLost: false });
  }
  return agreement.primaryContact;
}
