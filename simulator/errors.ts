/** The error bodies Partner Center and Entra are known to answer with. */
import type { Answer } from './operation';

/** Partner Center's classic shape. `code` is documented as a string and seen as a number: a number here. */
export function classicError(status: number, code: number, description: string): Answer {
  return { status, body: { code, description, data: [], source: 'PartnerFD' } };
}

export interface CustomerServiceFault {
  status: number;
  code: number | string;
  errorName: string;
  message: string;
  isRetryable?: boolean | undefined;
}

/** The shape of the customers service (codes 600xxx). Without `isRetryable` the member is left out, as the service at times does. */
export function customerServiceError(fault: CustomerServiceFault): Answer {
  return {
    status: fault.status,
    body: {
      code: fault.code,
      message: fault.message,
      description: fault.message,
      errorName: fault.errorName,
      ...(fault.isRetryable === undefined ? {} : { isRetryable: fault.isRetryable }),
      parameters: {},
      errorMessageExtended: `InternalErrorCode=${fault.code}`,
    },
  };
}

/** The attestation service's 400: field (PascalCase) → sentences. */
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

/** The gateway's throttling answer; `seconds` until a call is let through again. */
export function throttled(seconds: number): Answer {
  return {
    status: 429,
    headers: { 'retry-after': String(seconds) },
    body: { statusCode: 429, message: `Rate limit is exceeded. Try again in ${seconds} seconds.` },
  };
}

/** A refusal without a body, as indirect resellers get it from the agreement reads. */
export function emptyForbidden(): Answer {
  return { status: 403 };
}
