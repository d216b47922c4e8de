/** The error answers of Partner Center's services. */
import type { Answer } from './operations';

/** Partner Center's classic shape. `code` is documented as a string but seen as a number, so it is a number here. */
export function classicError(status: number, code: number, description: string): Answer {
  return { status, body: { code, description, data: [], source: 'PartnerFD' } };
}

export interface CustomerServiceError {
  status: number;
  code: number | string;
  errorName: string;
  message: string;
  isRetryable?: boolean;
}

/** The shape of the customers service (codes 600xxx). The service sometimes sends no `isRetryable`. */
export function customerServiceError(error: CustomerServiceError): Answer {
  return {
    status: error.status,
    body: {
      code: error.code,
      message: error.message,
      description: error.message,
      errorName: error.errorName,
      isRetryable: error.isRetryable,
      parameters: {},
      errorMessageExtended: `InternalErrorCode=${error.code}`,
    },
  };
}

/** The attestation service's 400; keys are field names in PascalCase. */
export function validationError(errors: Record<string, string[]>): Answer {
  return {
    status: 400,
    body: { type: 'validation', title: 'One or more validation errors occurred', status: 400, errors },
  };
}

/** The attestation service's 401. */
export function unauthorizedAttestation(): Answer {
  return {
    status: 401,
    body: { error: 'unauthorized', error_description: 'The access token is invalid or has expired' },
  };
}

/** The attestation service's answer to an indirect reseller. */
export function notForPartnerType(): Answer {
  return { status: 404, body: { error: 'This API is not available for your partner type' } };
}

/** The 429 of Partner Center's gateway; a call succeeds again after `seconds`. */
export function throttled(seconds: number): Answer {
  return {
    status: 429,
    headers: { 'retry-after': String(seconds) },
    body: { statusCode: 429, message: `Rate limit is exceeded. Try again in ${seconds} seconds.` },
  };
}

/** The agreement service's answer to an indirect reseller. */
export function emptyForbidden(): Answer {
  return { status: 403 };
}
