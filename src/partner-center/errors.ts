export type Operation = 'createAttestation' | 'createAgreement' | 'findAuditRecords';

/**
 * - `refused`: a 3xx or 4xx of Partner Center itself
 * - `unavailable`: 5xx, 408, a page instead of JSON, a success that cannot be read
 * - `throttled`: 429
 * - `noAnswer`: connection refused, reset or cut, or timed out
 * - `aborted`: by the caller's signal
 */
export type PartnerCenterErrorKind = 'refused' | 'unavailable' | 'throttled' | 'noAnswer' | 'aborted';

export type PartnerCenterErrorFields = Omit<PartnerCenterError, keyof Error>;

/**
 * Any answer that is not a success, or no answer at all. Has no cause, body, header, token or text of the server, so
 * that it can be logged and stored as it is. A field without a value is absent.
 */
export class PartnerCenterError extends Error {
  override readonly name = 'PartnerCenterError';
  declare readonly kind: PartnerCenterErrorKind;
  declare readonly operation: Operation;
  /** As the server echoed it, else as the call was given it. */
  declare readonly requestId: string;
  declare readonly correlationId: string;
  /** True if the server may have done the work although no clear answer came back. */
  declare readonly answerUnknown: boolean;
  declare readonly status?: number;
  /** Partner Center's own code; a number in the answer becomes a string. */
  declare readonly code?: string;
  declare readonly errorName?: string;
  declare readonly isRetryable?: boolean;
  /** Validation messages by field, without the values that were sent; for an agreement only the field names. */
  declare readonly errors?: Record<string, string[]>;
  /** 1 s to 1 h. */
  declare readonly retryAfterMs?: number;
  /** Node's code of the network error, for example `ECONNRESET`. */
  declare readonly networkCode?: string;

  /** `finding` is our own sentence about what was wrong; never the server's. */
  constructor(fields: PartnerCenterErrorFields, finding?: string) {
    super(describePartnerCenterError(fields, finding));
    Object.assign(this, withoutUndefined(fields));
  }
}

const SENTENCES: Record<PartnerCenterErrorKind, string> = {
  refused: 'was refused by Partner Center',
  unavailable: 'got no usable answer from Partner Center',
  throttled: 'was throttled by Partner Center',
  noAnswer: 'got no answer from Partner Center',
  aborted: 'was aborted by its caller',
};

function describePartnerCenterError(fields: PartnerCenterErrorFields, finding?: string): string {
  const { operation, kind, status, code, errorName, errors, networkCode, retryAfterMs } = fields;
  return describe(`${operation} ${SENTENCES[kind]}`, [
    status === undefined ? undefined : `HTTP ${status}`,
    code === undefined ? errorName : errorName === undefined ? `code ${code}` : `code ${code} (${errorName})`,
    errors && `fields ${Object.keys(errors).join(', ')}`,
    networkCode,
    finding,
    retryAfterMs === undefined ? undefined : `retry after ${Math.ceil(retryAfterMs / 1000)} s`,
  ]);
}

/** There is no token. Holds codes only, never Entra's text or the credentials. A field without a value is absent. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
  /** `refused`: by Entra, or because of a setting; `unavailable`: a later attempt may succeed. */
  declare readonly kind: 'refused' | 'unavailable';
  declare readonly status?: number;
  /** OAuth's code, for example `invalid_client`. */
  declare readonly errorCode?: string;
  /** Entra's own code, for example `AADSTS7000222` for a secret that has expired. */
  declare readonly entraCode?: string;
  /** 1 s to 1 h. */
  declare readonly retryAfterMs?: number;

  /** `finding` is our own sentence: what was wrong, and the fix. */
  constructor(fields: Omit<TokenError, keyof Error>, finding?: string) {
    const { kind, status, errorCode, entraCode } = fields;
    const sentence = kind === 'refused' ? 'Microsoft Entra refused a token' : 'Microsoft Entra issued no token';
    super(describe(sentence, [status === undefined ? undefined : `HTTP ${status}`, errorCode, entraCode, finding]));
    Object.assign(this, withoutUndefined(fields));
  }
}

function describe(sentence: string, details: readonly (string | undefined)[]): string {
  const known = details.filter((detail) => detail !== undefined);
  return known.length === 0 ? sentence : `${sentence}: ${known.join(', ')}`;
}

function withoutUndefined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
