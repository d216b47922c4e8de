export type Operation = 'createAttestation' | 'createAgreement' | 'findAuditRecords';

/**
 * - `refused`: a 3xx or 4xx that Partner Center meant
 * - `unavailable`: 5xx, 408, a page instead of JSON, a success that cannot be read
 * - `throttled`: 429
 * - `noAnswer`: connection refused, reset or cut, or the time ran out
 * - `aborted`: by the caller's signal
 */
export type PartnerCenterErrorKind = 'refused' | 'unavailable' | 'throttled' | 'noAnswer' | 'aborted';

export interface PartnerCenterErrorFields {
  kind: PartnerCenterErrorKind;
  operation: Operation;
  /** The server's echo where it sent one, else what the call was given. */
  requestId: string;
  correlationId: string;
  /** True where the server may have done the work although no clear answer came back. */
  answerUnknown: boolean;
  status?: number;
  /** Partner Center's own code; a number on the wire becomes a string. */
  code?: string;
  errorName?: string;
  isRetryable?: boolean;
  /** Validation messages by field, without the values that were sent; of an agreement the fields alone. */
  errors?: Record<string, string[]>;
  /** 1 s to 1 h. */
  retryAfterMs?: number;
  /** Node's code of the fault on the way, for example `ECONNRESET`. */
  networkCode?: string;
}

/**
 * Every answer, or absence of one, that is not a success. Nothing else hangs on it: no cause, body, header, token or
 * text of the server, so that it can be logged and stored as it is.
 */
export class PartnerCenterError extends Error implements PartnerCenterErrorFields {
  override readonly name = 'PartnerCenterError';
  readonly kind: PartnerCenterErrorKind;
  readonly operation: Operation;
  readonly requestId: string;
  readonly correlationId: string;
  readonly answerUnknown: boolean;
  declare readonly status?: number;
  declare readonly code?: string;
  declare readonly errorName?: string;
  declare readonly isRetryable?: boolean;
  declare readonly errors?: Record<string, string[]>;
  declare readonly retryAfterMs?: number;
  declare readonly networkCode?: string;

  /** `finding` is our own sentence about what was wrong; never the server's. */
  constructor(fields: PartnerCenterErrorFields, finding?: string) {
    super(describeError(fields, finding));
    this.kind = fields.kind;
    this.operation = fields.operation;
    this.requestId = fields.requestId;
    this.correlationId = fields.correlationId;
    this.answerUnknown = fields.answerUnknown;
    if (fields.status !== undefined) this.status = fields.status;
    if (fields.code !== undefined) this.code = fields.code;
    if (fields.errorName !== undefined) this.errorName = fields.errorName;
    if (fields.isRetryable !== undefined) this.isRetryable = fields.isRetryable;
    if (fields.errors !== undefined) this.errors = fields.errors;
    if (fields.retryAfterMs !== undefined) this.retryAfterMs = fields.retryAfterMs;
    if (fields.networkCode !== undefined) this.networkCode = fields.networkCode;
  }
}

function describeError(fields: PartnerCenterErrorFields, finding?: string): string {
  const details = [
    fields.status === undefined ? undefined : `HTTP ${fields.status}`,
    codeAndName(fields),
    fields.errors && `fields ${Object.keys(fields.errors).join(', ')}`,
    fields.networkCode,
    finding,
    fields.retryAfterMs === undefined ? undefined : `retry after ${Math.ceil(fields.retryAfterMs / 1000)} s`,
  ].filter((detail) => detail !== undefined);
  const sentence = `${fields.operation} ${VERDICTS[fields.kind]}`;
  return details.length === 0 ? sentence : `${sentence}: ${details.join(', ')}`;
}

const VERDICTS: Record<PartnerCenterErrorKind, string> = {
  refused: 'was refused by Partner Center',
  unavailable: 'got no usable answer from Partner Center',
  throttled: 'was throttled by Partner Center',
  noAnswer: 'got no answer from Partner Center',
  aborted: 'was aborted by its caller',
};

function codeAndName({ code, errorName }: PartnerCenterErrorFields): string | undefined {
  if (code === undefined) return errorName;
  return errorName === undefined ? `code ${code}` : `code ${code} (${errorName})`;
}

export interface TokenErrorFields {
  /** `refused`: Entra, or a setting, said no; `unavailable`: it may say yes in a while. */
  kind: 'refused' | 'unavailable';
  status?: number;
  /** OAuth's code, for example `invalid_client`. */
  errorCode?: string;
  /** Entra's own code, for example `AADSTS7000222` for a secret that has expired. */
  entraCode?: string;
  /** 1 s to 1 h. */
  retryAfterMs?: number;
}

/** No token could be had. Carries codes only; never what Entra wrote, nor the credentials. */
export class TokenError extends Error implements TokenErrorFields {
  override readonly name = 'TokenError';
  readonly kind: 'refused' | 'unavailable';
  declare readonly status?: number;
  declare readonly errorCode?: string;
  declare readonly entraCode?: string;
  declare readonly retryAfterMs?: number;

  /** `finding` is our own sentence: what was wrong, and the mend. */
  constructor(fields: TokenErrorFields, finding?: string) {
    super(describeTokenError(fields, finding));
    this.kind = fields.kind;
    if (fields.status !== undefined) this.status = fields.status;
    if (fields.errorCode !== undefined) this.errorCode = fields.errorCode;
    if (fields.entraCode !== undefined) this.entraCode = fields.entraCode;
    if (fields.retryAfterMs !== undefined) this.retryAfterMs = fields.retryAfterMs;
  }
}

function describeTokenError(fields: TokenErrorFields, finding?: string): string {
  const verdict = fields.kind === 'refused' ? 'Microsoft Entra refused a token' : 'Microsoft Entra gave no token';
  const details = [
    fields.status === undefined ? undefined : `HTTP ${fields.status}`,
    fields.errorCode,
    fields.entraCode,
    finding,
  ].filter((detail) => detail !== undefined);
  return details.length === 0 ? verdict : `${verdict}: ${details.join(', ')}`;
}
