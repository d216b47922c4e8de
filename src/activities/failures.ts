import { ApplicationFailure } from '@temporalio/common';
import { type FailureType, failureRules } from '../onboarding/failures';
import type { Problem } from '../onboarding/view';
import { type Operation, type PartnerCenterError, TokenError } from '../partner-center';

/** What an activity attaches to its failures, as `details[0]`. */
export interface CallFailureDetails {
  problem: Omit<Problem, 'type' | 'title' | 'at'>;
  /** Whether any attempt so far may have succeeded at Partner Center although its answer was lost. */
  answersLost: boolean;
}

export type PartnerCenterCall = Exclude<Operation, 'findAuditRecords'>;

/** 600061, seen as a number and as text; the HTTP status that comes with it is not documented. */
const DUPLICATE = { code: '600061', errorName: 'PartnerConfirmedAgreementAlreadyExists' };

/** Maps an error of the Partner Center client to its failure type. Pure: the first line that matches decides. */
export function toFailureType(error: PartnerCenterError | TokenError, call: PartnerCenterCall): FailureType {
  if (error instanceof TokenError) return error.kind === 'refused' ? 'TokenRefused' : 'TokenUnavailable';
  const { kind, status, code, errorName, errors, isRetryable } = error;
  if (code === DUPLICATE.code || errorName === DUPLICATE.errorName) return 'AgreementAlreadyExists';
  if (kind === 'throttled') return 'Throttled';
  if (kind !== 'refused' || status === undefined) return 'PartnerCenterUnavailable';
  if (status === 401) return 'AuthenticationRejected';
  if (status === 403 || status < 400) return 'AccessDenied'; // we follow no redirect: a 3xx is a wrong base URL
  if (status === 404) return call === 'createAttestation' ? 'NotAvailableForPartner' : 'CustomerNotFound';
  if (call === 'createAttestation') {
    return status === 400 && errors !== undefined ? 'AttestationRejected' : 'AttestationRefused';
  }
  return isRetryable === true ? 'PartnerCenterUnavailable' : 'AgreementRefused';
}

/**
 * The failure to throw from an activity: a literal type, our own sentence, status, codes and ids. The error itself is
 * not its cause, because Temporal stores and prints a cause with everything in it.
 */
export function toApplicationFailure(
  error: PartnerCenterError | TokenError,
  call: PartnerCenterCall,
  answersLost: boolean,
): ApplicationFailure {
  const type = toFailureType(error, call);
  const details: CallFailureDetails = { problem: toProblem(error), answersLost };
  return ApplicationFailure.create({
    type,
    message: error.message,
    nonRetryable: !failureRules[type].retried,
    details: [details],
    nextRetryDelay: type === 'Throttled' ? error.retryAfterMs : undefined,
  });
}

function toProblem(error: PartnerCenterError | TokenError): CallFailureDetails['problem'] {
  if (error instanceof TokenError) {
    const { status, errorCode, entraCode } = error;
    return { status, code: errorCode, errorName: entraCode };
  }
  const { status, code, errorName, errors, requestId, correlationId } = error;
  return { status, code, errorName, errors, requestId, correlationId };
}
