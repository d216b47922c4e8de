import { asObject, type JsonObject } from './body';
import type { SentValues } from './sent-values';

const MOST_FIELDS = 10;
const MOST_MESSAGES = 5;
const LONGEST_MESSAGE = 200;
/** An id may be the bearer secret of an attestation, and an address a person's, even one that was not sent. */
const ID_OR_ADDRESS = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|\S+@\S+/i;

export interface ErrorBody {
  code?: string;
  errorName?: string;
  isRetryable?: boolean;
  errors?: Record<string, string[]>;
  /** Seconds as text, for the throttling gateway names them in its message and not always in a header. */
  retryAfter?: string;
}

/**
 * Takes from an error body what may be kept: codes, flags and masked validation messages; never its sentences. Knows
 * the shapes seen from Partner Center: `code`+`description`, `code`+`errorName`+`isRetryable`, `errors{}`,
 * `error`+`error_description`, `error`, `statusCode`+`message`, and OData's nested `error{code}`.
 */
export function readErrorBody(body: JsonObject, sent: SentValues, keepMessages: boolean): ErrorBody {
  const code = identifier(body['code'] ?? asObject(body['error'])?.['code'], sent);
  const errorName = identifier(body['errorName'] ?? body['error'], sent);
  const errors = readValidationErrors(body['errors'], sent, keepMessages);
  const isRetryable = body['isRetryable'];
  const retryAfter = typeof body['message'] === 'string' ? /try again in (\d{1,6}) sec/i.exec(body['message']) : null;
  return {
    ...(code !== undefined && { code }),
    ...(errorName !== undefined && { errorName }),
    ...(typeof isRetryable === 'boolean' && { isRetryable }),
    ...(errors !== undefined && { errors }),
    ...(retryAfter?.[1] !== undefined && { retryAfter: retryAfter[1] }),
  };
}

/** A code as text, if it can be nothing but a code: a sentence, a GUID or anything that was sent is dropped. */
function identifier(value: unknown, sent: SentValues): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !/^[A-Za-z0-9_.-]{1,64}$/.test(text)) return undefined;
  return ID_OR_ADDRESS.test(text) || sent.areRevealedBy(text) ? undefined : text;
}

function readValidationErrors(
  value: unknown,
  sent: SentValues,
  keepMessages: boolean,
): Record<string, string[]> | undefined {
  const fields = Object.entries(asObject(value) ?? {})
    .filter(([field]) => /^[A-Za-z0-9_.$[\]-]{1,64}$/.test(field) && !sent.areRevealedBy(field))
    .slice(0, MOST_FIELDS)
    .map(([field, messages]) => [field, keepMessages ? readMessages(messages, sent) : []] as const);
  return fields.length === 0 ? undefined : Object.fromEntries(fields);
}

function readMessages(messages: unknown, sent: SentValues): string[] {
  return (Array.isArray(messages) ? messages : [messages])
    .filter((message): message is string => typeof message === 'string')
    .slice(0, MOST_MESSAGES)
    .map((message) => shorten(withoutValues(message, sent)));
}

/** Comes before shortening: of a value cut in half the first half would stay. */
function withoutValues(message: string, sent: SentValues): string {
  return sent.mask(message).replaceAll(new RegExp(ID_OR_ADDRESS, 'gi'), '…');
}

function shorten(text: string): string {
  return text.length <= LONGEST_MESSAGE ? text : `${text.slice(0, LONGEST_MESSAGE - 1)}…`;
}
