import { jsonObject, readBody, type Body } from './body';
import { readErrorBody } from './error-body';
import { PartnerCenterError, type Operation, type PartnerCenterErrorKind } from './errors';
import type { NoAnswer, NoAnswerReason } from './http';
import { parseRetryAfter } from './retry-after';
import type { SentValues } from './sent-values';

export interface CallContext {
  operation: Operation;
  requestId: string;
  correlationId: string;
  sent: SentValues;
  /** The clock that a dated `Retry-After` is measured against; default: now. */
  nowMs?: number;
}

/**
 * Turns an answer that is not a usable success into its error. Pure but for the clock; never throws, whatever the body.
 * A 2xx passed here is one whose body could not be used, so what the server did is unknown.
 */
export function errorFromAnswer(
  status: number,
  headers: Record<string, string>,
  bodyText: string,
  context: CallContext,
  finding?: string,
): PartnerCenterError {
  const body = readBody(bodyText);
  const kind = kindOf(status, body);
  // An agreement's messages may quote the attestation behind it, whose values this call never knew and cannot mask.
  const keepMessages = context.operation === 'createAttestation';
  const { retryAfter, ...told } = readErrorBody(jsonObject(body) ?? {}, context.sent, keepMessages);
  const retryAfterMs = parseRetryAfter(headers['retry-after'] ?? retryAfter, context.nowMs);
  return new PartnerCenterError(
    {
      kind,
      operation: context.operation,
      ...echoedIds(headers, context),
      answerUnknown: kind === 'unavailable',
      status,
      ...told,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    },
    finding ?? ODDITIES[body.shape],
  );
}

function kindOf(status: number, body: Body): PartnerCenterErrorKind {
  if (status === 429) return 'throttled';
  if (status === 408 || status < 300 || status >= 500) return 'unavailable';
  // A redirect, 401 or 403 means a wrong address or missing rights, even when a front end says so with a page.
  if (status < 400 || status === 401 || status === 403) return 'refused';
  // Any other 4xx is Partner Center's own only if the service, not something on the way, has written it.
  return body.shape === 'page' || body.shape === 'broken' ? 'unavailable' : 'refused';
}

const ODDITIES: Record<Body['shape'], string | undefined> = {
  json: undefined,
  page: 'a web page instead of JSON',
  broken: 'JSON that cannot be read',
  empty: 'an empty body',
  text: 'plain text instead of JSON',
};

/** The error of an exchange that brought no whole answer. */
export function errorFromNoAnswer(noAnswer: NoAnswer, context: CallContext): PartnerCenterError {
  const { reason, mayHaveBeenSent, networkCode } = noAnswer;
  const { operation, requestId, correlationId } = context;
  const { kind, finding } = ABSENCES[reason];
  return new PartnerCenterError(
    {
      kind,
      operation,
      requestId,
      correlationId,
      answerUnknown: mayHaveBeenSent,
      ...(networkCode !== undefined && { networkCode }),
    },
    finding,
  );
}

const ABSENCES: Record<NoAnswerReason, { kind: PartnerCenterErrorKind; finding?: string }> = {
  aborted: { kind: 'aborted' },
  timedOut: { kind: 'noAnswer', finding: 'timed out' },
  bodyTooLong: { kind: 'unavailable', finding: 'a body over the limit' },
  cutShort: { kind: 'noAnswer', finding: 'the answer was cut short' },
  disconnected: { kind: 'noAnswer' },
};

/** The ids of the exchange: the server's where they look like ids and repeat nothing else of the request. */
export function echoedIds(
  headers: Record<string, string>,
  { requestId, correlationId, sent }: CallContext,
): { requestId: string; correlationId: string } {
  const echo = (name: string) => {
    const value = headers[name];
    return value !== undefined && /^[0-9A-Fa-f-]{16,64}$/.test(value) && !sent.areRevealedBy(value) ? value : undefined;
  };
  return {
    requestId: echo('ms-requestid') ?? requestId,
    correlationId: echo('ms-correlationid') ?? correlationId,
  };
}
