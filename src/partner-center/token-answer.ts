import { jsonObject, readBody, type Body } from './body';
import { TokenError } from './errors';
import type { HttpAnswer, NoAnswer } from './http';
import { parseRetryAfter } from './retry-after';

/**
 * The JSON of a usable token: with its text, and an end in seconds, which version 1 of the endpoint writes as text.
 * Throws TokenError for everything else. Source of the codes: RFC 6749, 5.2, and Entra's own.
 */
export function readTokenAnswer({ status, headers, bodyText }: HttpAnswer): object {
  const body = readBody(bodyText);
  const json = jsonObject(body);
  const token = json?.['access_token'];
  if (status === 200 && json && typeof token === 'string' && token && Number(json['expires_in']) > 0) return json;

  const errorCode = oauthCode(json?.['error']);
  const entraCode = entraCodeOf(json?.['error_codes']);
  const retryAfterMs = parseRetryAfter(headers['retry-after']);
  const kind = kindOf(status, body, errorCode);
  throw new TokenError(
    {
      kind,
      status,
      ...(errorCode !== undefined && { errorCode }),
      ...(entraCode !== undefined && { entraCode }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    },
    kind === 'refused' ? mendFor(status, errorCode) : status === 200 ? 'no usable token in the answer' : undefined,
  );
}

function kindOf(status: number, body: Body, errorCode: string | undefined): TokenError['kind'] {
  if (status < 300 || status === 408 || status === 429 || status >= 500) return 'unavailable';
  if (errorCode === 'temporarily_unavailable') return 'unavailable';
  // A page or half an answer on a 4xx comes from something on the way; a redirect is a wrong address.
  const isFromElsewhere = body.shape === 'page' || body.shape === 'broken';
  return status >= 400 && isFromElsewhere ? 'unavailable' : 'refused';
}

/** The error of a token request that brought no whole answer. */
export function tokenErrorFromNoAnswer({ reason, networkCode }: NoAnswer): TokenError {
  const finding = reason === 'timedOut' ? 'timed out' : 'no whole answer';
  return new TokenError({ kind: 'unavailable' }, networkCode ?? finding);
}

function oauthCode(value: unknown): string | undefined {
  return typeof value === 'string' && /^[a-z_]{3,40}$/.test(value) ? value : undefined;
}

function entraCodeOf(codes: unknown): string | undefined {
  const first: unknown = Array.isArray(codes) ? codes[0] : undefined;
  return typeof first === 'number' && Number.isSafeInteger(first) ? `AADSTS${first}` : undefined;
}

function mendFor(status: number, errorCode: string = ''): string {
  if (status < 400) return 'a redirect: check ENTRA_TOKEN_ENDPOINT';
  return MENDS.get(errorCode) ?? 'check PARTNER_CENTER_TENANT_ID, PARTNER_CENTER_CLIENT_ID and PARTNER_CENTER_SCOPE';
}

const MENDS: ReadonlyMap<string, string> = new Map([
  ['invalid_client', 'renew PARTNER_CENTER_CLIENT_SECRET or the file at PARTNER_CENTER_CLIENT_CERTIFICATE_PATH'],
  ['unauthorized_client', 'check that PARTNER_CENTER_CLIENT_ID is registered in PARTNER_CENTER_TENANT_ID'],
  ['invalid_scope', 'check PARTNER_CENTER_SCOPE'],
  ['invalid_resource', 'check PARTNER_CENTER_SCOPE'],
]);
