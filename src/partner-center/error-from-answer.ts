/** Turns an answer, or its absence, into an error that contains nothing from the request and no text of the server. */
import { PartnerCenterError, type Operation, type PartnerCenterErrorKind } from './errors';
import {
  asObject,
  parseRetryAfter,
  readBody,
  type Body,
  type HttpAnswer,
  type JsonObject,
  type NoAnswer,
  type NoAnswerReason,
} from './http';

export interface CallContext {
  operation: Operation;
  requestId: string;
  correlationId: string;
  sent: SentValues;
}

/**
 * The error for an answer that is not a usable success. Pure except for the clock; never throws, whatever the body.
 * A 2xx passed here is one whose body could not be used, so it is unknown what the server did.
 */
export function errorFromAnswer(
  { status, headers, bodyText }: HttpAnswer,
  context: CallContext,
  finding?: string,
): PartnerCenterError {
  const body = readBody(bodyText);
  const kind = toErrorKind(status, body);
  // An agreement's messages may quote the attestation behind it, whose values this call never knew and cannot mask.
  const keepMessages = context.operation === 'createAttestation';
  const { retryAfter, ...fields } = readErrorBody(asObject(body.json) ?? {}, context.sent, keepMessages);
  return new PartnerCenterError(
    {
      kind,
      operation: context.operation,
      ...readEchoedIds(headers, context),
      answerUnknown: kind === 'unavailable',
      status,
      ...fields,
      retryAfterMs: parseRetryAfter(headers['retry-after'] ?? retryAfter),
    },
    finding ?? BODY_FINDINGS[body.shape],
  );
}

function toErrorKind(status: number, body: Body): PartnerCenterErrorKind {
  if (status === 429) return 'throttled';
  if (status === 408 || status < 300 || status >= 500) return 'unavailable';
  // A redirect, 401 or 403 means a wrong address or missing rights, even when a front end says so with a page.
  if (status < 400 || status === 401 || status === 403) return 'refused';
  // Any other 4xx is Partner Center's own only if the service, not a proxy on the way, has written it.
  return body.shape === 'page' || body.shape === 'broken' ? 'unavailable' : 'refused';
}

const BODY_FINDINGS: Record<Body['shape'], string | undefined> = {
  json: undefined,
  page: 'a web page instead of JSON',
  broken: 'JSON that cannot be read',
  empty: 'an empty body',
  text: 'plain text instead of JSON',
};

export function errorFromNoAnswer(noAnswer: NoAnswer, context: Omit<CallContext, 'sent'>): PartnerCenterError {
  const { reason, mayHaveBeenSent: answerUnknown, networkCode } = noAnswer;
  const { operation, requestId, correlationId } = context;
  const { kind, finding } = NO_ANSWER_MEANINGS[reason];
  return new PartnerCenterError({ kind, operation, requestId, correlationId, answerUnknown, networkCode }, finding);
}

const NO_ANSWER_MEANINGS: Record<NoAnswerReason, { kind: PartnerCenterErrorKind; finding?: string }> = {
  aborted: { kind: 'aborted' },
  timedOut: { kind: 'noAnswer', finding: 'timed out' },
  bodyTooLong: { kind: 'unavailable', finding: 'a body over the limit' },
  cutShort: { kind: 'noAnswer', finding: 'the answer was cut short' },
  disconnected: { kind: 'noAnswer' },
};

/** The server's ids if they look like ids and repeat nothing else of the request; else the call's own. */
function readEchoedIds(headers: Record<string, string>, { requestId, correlationId, sent }: CallContext) {
  const readEcho = (name: string) => {
    const value = headers[name];
    return value !== undefined && /^[0-9A-Fa-f-]{16,64}$/.test(value) && !sent.areRevealedBy(value) ? value : undefined;
  };
  return {
    requestId: readEcho('ms-requestid') ?? requestId,
    correlationId: readEcho('ms-correlationid') ?? correlationId,
  };
}

const MAX_FIELDS = 10;
const MAX_MESSAGES = 5;
const MAX_MESSAGE_LENGTH = 200;
/** An id may be the bearer secret of an attestation, and an address a person's, even one that was not sent. */
const ID_OR_ADDRESS = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|\S+@\S+/i;

/**
 * Takes from an error body what may be kept: codes, flags and masked validation messages; never its sentences. Knows
 * the shapes seen from Partner Center: `code`+`description`, `code`+`errorName`+`isRetryable`, `errors{}`,
 * `error`+`error_description`, `error`, `statusCode`+`message`, and OData's nested `error{code}`.
 */
function readErrorBody(body: JsonObject, sent: SentValues, keepMessages: boolean) {
  const { isRetryable, message } = body;
  return {
    code: readIdentifier(body['code'] ?? asObject(body['error'])?.['code'], sent),
    errorName: readIdentifier(body['errorName'] ?? body['error'], sent),
    isRetryable: typeof isRetryable === 'boolean' ? isRetryable : undefined,
    errors: readValidationErrors(body['errors'], sent, keepMessages),
    // Seconds as text: the throttling gateway writes them into its message, and not always into a header.
    retryAfter: typeof message === 'string' ? /try again in (\d{1,6}) sec/i.exec(message)?.[1] : undefined,
  };
}

/** A code as text, if it can be nothing but a code: a sentence, a GUID or anything that was sent is dropped. */
function readIdentifier(value: unknown, sent: SentValues): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !/^[A-Za-z0-9_.-]{1,64}$/.test(text)) return undefined;
  return ID_OR_ADDRESS.test(text) || sent.areRevealedBy(text) ? undefined : text;
}

function readValidationErrors(value: unknown, sent: SentValues, keepMessages: boolean) {
  const fields = Object.entries(asObject(value) ?? {})
    .filter(([field]) => /^[A-Za-z0-9_.$[\]-]{1,64}$/.test(field) && !sent.areRevealedBy(field))
    .slice(0, MAX_FIELDS)
    .map(([field, messages]) => [field, keepMessages ? readMessages(messages, sent) : []] as const);
  return fields.length === 0 ? undefined : Object.fromEntries(fields);
}

function readMessages(messages: unknown, sent: SentValues): string[] {
  return (
    (Array.isArray(messages) ? messages : [messages])
      .filter((message): message is string => typeof message === 'string')
      .slice(0, MAX_MESSAGES)
      // Masked before it is shortened: otherwise the first part of a value could remain.
      .map((message) => shorten(sent.mask(message).replaceAll(new RegExp(ID_OR_ADDRESS, 'gi'), '…')))
  );
}

function shorten(text: string): string {
  return text.length <= MAX_MESSAGE_LENGTH ? text : `${text.slice(0, MAX_MESSAGE_LENGTH - 1)}…`;
}

/** The values of one request. Nothing that is kept of its answer may repeat them. */
type SentValues = ReturnType<typeof collectSentValues>;

/** A shorter value is masked as a whole word only: "Al" must not be masked in "invalid". */
const MIN_LENGTH_INSIDE_WORDS = 3;
/** An identifier may contain a shorter value by chance: the name "Art" must not hide the code `PartnerConfirmed…`. */
const MIN_LENGTH_INSIDE_IDENTIFIERS = 8;

/** Collects the strings of a request, at any depth, and its other secrets, such as the token. */
export function collectSentValues(...sources: unknown[]) {
  // The longest first, so that "Contoso Ltd" is masked whole even if "Contoso" was sent too.
  const values = [...new Set(sources.flatMap(collectStrings))].toSorted((a, b) => b.length - a.length);
  const pattern = values.length === 0 ? /(?!)/ : new RegExp(values.map(toPattern).join('|'), 'giu');
  const lowerCase = values.map((value) => value.toLowerCase());
  return {
    /** Replaces every occurrence, in upper or lower case, with an ellipsis. */
    mask: (text: string) => text.replace(pattern, '…'),
    /** Whether a code or id equals one of them, or contains a long one. */
    areRevealedBy(identifier: string): boolean {
      const text = identifier.toLowerCase();
      return lowerCase.some(
        (value) => text === value || (value.length >= MIN_LENGTH_INSIDE_IDENTIFIERS && text.includes(value)),
      );
    },
  };
}

function collectStrings(source: unknown): string[] {
  if (typeof source === 'string') return source.trim() === '' ? [] : [source.trim()];
  if (typeof source !== 'object' || source === null) return [];
  return Object.values(source).flatMap(collectStrings);
}

function toPattern(value: string): string {
  const literal = value.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return value.length >= MIN_LENGTH_INSIDE_WORDS ? literal : `(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`;
}
