import {
  AuthError,
  ConfidentialClientApplication,
  type INetworkModule,
  type NetworkRequestOptions,
  type NetworkResponse,
  type NodeAuthOptions,
} from '@azure/msal-node';
import { readClientCertificate } from './certificate';
import { TokenError } from './errors';
import { asObject, NoAnswer, parseRetryAfter, readBody, type Body, type HttpAnswer, type HttpClient } from './http';
import type { AccessToken } from './tokens';

/** App-only credentials; exactly one of `clientSecret` and `clientCertificatePem`. */
export interface Credentials {
  tenantId: string;
  clientId: string;
  clientSecret?: string;
  /** Private key (RSA, not encrypted) and certificate, each as a PEM block; intermediate certificates may follow. */
  clientCertificatePem?: string;
  /** For example `https://api.partnercenter.microsoft.com/.default`. */
  scope: string;
  /** Used instead of Entra's own endpoint, for simulators and tests. */
  tokenEndpoint?: string;
}

const MAX_BODY_BYTES = 1_048_576;
const CHECK_IDENTITY = 'check PARTNER_CENTER_TENANT_ID, PARTNER_CENTER_CLIENT_ID and PARTNER_CENTER_SCOPE';

/**
 * Prepares App-only token requests by client secret or certificate; each call of the result asks Entra once and throws
 * TokenError. @throws an Error that names the variable if the credentials cannot be used
 */
export function createTokenRequest(credentials: Credentials, http: HttpClient, timeoutMs: number) {
  const auth = toAuthOptions(credentials);

  return async (): Promise<AccessToken> => {
    const networkClient = new EntraExchange(http, timeoutMs);
    const obtainedAtMs = Date.now();
    try {
      // A new application each time, because MSAL's caches a failure for 60 s and an assertion for ten minutes.
      const application = new ConfidentialClientApplication({ auth, system: { networkClient } });
      const result = await application.acquireTokenByClientCredential({ scopes: [credentials.scope], skipCache: true });
      if (!result?.accessToken || !result.expiresOn) {
        throw new TokenError({ kind: 'unavailable' }, 'an answer without a token or its expiry');
      }
      return {
        value: result.accessToken,
        obtainedAtMs,
        expiresAtMs: result.expiresOn.getTime(),
        refreshAtMs: result.refreshOn?.getTime(),
      };
    } catch (error) {
      // MSAL wraps what its network client throws, and loses the status in doing so.
      throw networkClient.failure ?? (error instanceof TokenError ? error : toInvalidSettingError(error));
    }
  };
}

/** MSAL's network client: ours, because MSAL's own has no time limit. */
class EntraExchange implements INetworkModule {
  failure: TokenError | undefined;

  constructor(
    private readonly http: HttpClient,
    private readonly timeoutMs: number,
  ) {}

  async sendPostRequestAsync<T>(
    url: string,
    { headers = {}, body = '' }: NetworkRequestOptions = {},
  ): Promise<NetworkResponse<T>> {
    const { http, timeoutMs } = this;
    try {
      const answer = await http.send({ method: 'POST', url, headers, body, timeoutMs, maxBodyBytes: MAX_BODY_BYTES });
      return { status: answer.status, headers: answer.headers, body: readTokenAnswer(answer) as T };
    } catch (error) {
      if (error instanceof NoAnswer) {
        const finding = error.networkCode ?? (error.reason === 'timedOut' ? 'timed out' : 'an incomplete answer');
        this.failure = new TokenError({ kind: 'unavailable' }, finding);
      }
      if (error instanceof TokenError) this.failure = error;
      throw error;
    }
  }

  /** MSAL needs it only to discover an authority; never called, because the metadata is given. */
  sendGetRequestAsync<T>(): Promise<NetworkResponse<T>> {
    this.failure = new TokenError({ kind: 'refused' }, 'MSAL tried to discover the authority');
    return Promise.reject(this.failure);
  }
}

/** MSAL failed before it asked Entra, so a setting is wrong. Its own error is dropped: it may quote that setting. */
function toInvalidSettingError(error: unknown): TokenError {
  const errorCode = error instanceof AuthError && /^[a-z_]{3,64}$/.test(error.errorCode) ? error.errorCode : undefined;
  return new TokenError({ kind: 'refused', errorCode }, `no request was sent: ${CHECK_IDENTITY}`);
}

function toAuthOptions(credentials: Credentials): NodeAuthOptions {
  const { tenantId, clientId, tokenEndpoint } = credentials;
  const authority = `https://login.microsoftonline.com/${encodeURIComponent(tenantId)}`;
  return {
    clientId,
    authority,
    // MSAL refuses an authority over plain http, but takes any token endpoint that the authority's metadata names.
    authorityMetadata: JSON.stringify({
      token_endpoint: tokenEndpoint ?? `${authority}/oauth2/v2.0/token`,
      issuer: `${authority}/v2.0`,
      authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
      jwks_uri: `${authority}/discovery/v2.0/keys`,
    }),
    ...toClientCredential(credentials),
  };
}

function toClientCredential({ clientSecret, clientCertificatePem }: Credentials) {
  if (clientSecret && !clientCertificatePem) return { clientSecret };
  if (clientCertificatePem && !clientSecret) return { clientCertificate: readClientCertificate(clientCertificatePem) };
  throw new Error(
    `PARTNER_CENTER_CLIENT_SECRET, PARTNER_CENTER_CLIENT_CERTIFICATE_PATH: ` +
      `${clientSecret ? 'both are' : 'neither is'} set; set exactly one of them.`,
  );
}

/**
 * The JSON of a usable answer: it has the token, and its lifetime in seconds, which version 1 of the endpoint writes as
 * text. @throws TokenError for everything else. Source of the codes: RFC 6749, 5.2, and Entra's own.
 */
function readTokenAnswer({ status, headers, bodyText }: HttpAnswer): object {
  const body = readBody(bodyText);
  const json = asObject(body.json);
  const token = json?.['access_token'];
  if (status === 200 && json && typeof token === 'string' && token && Number(json['expires_in']) > 0) return json;

  const errorCode = readOauthCode(json?.['error']);
  const entraCode = readEntraCode(json?.['error_codes']);
  const kind = toKind(status, body, errorCode);
  const fix = status < 400 ? 'a redirect: check ENTRA_TOKEN_ENDPOINT' : (FIXES.get(errorCode ?? '') ?? CHECK_IDENTITY);
  throw new TokenError(
    { kind, status, errorCode, entraCode, retryAfterMs: parseRetryAfter(headers['retry-after']) },
    kind === 'refused' ? fix : status === 200 ? 'no usable token in the answer' : undefined,
  );
}

function toKind(status: number, body: Body, errorCode: string | undefined): TokenError['kind'] {
  if (status < 300 || status === 408 || status === 429 || status >= 500) return 'unavailable';
  if (errorCode === 'temporarily_unavailable') return 'unavailable';
  // An HTML page or a truncated body with a 4xx comes from a proxy in between; a redirect means a wrong address.
  const isFromProxy = body.shape === 'page' || body.shape === 'broken';
  return status >= 400 && isFromProxy ? 'unavailable' : 'refused';
}

function readOauthCode(value: unknown): string | undefined {
  return typeof value === 'string' && /^[a-z_]{3,40}$/.test(value) ? value : undefined;
}

function readEntraCode(codes: unknown): string | undefined {
  const first: unknown = Array.isArray(codes) ? codes[0] : undefined;
  return typeof first === 'number' && Number.isSafeInteger(first) ? `AADSTS${first}` : undefined;
}

const FIXES: ReadonlyMap<string, string> = new Map([
  ['invalid_client', 'renew PARTNER_CENTER_CLIENT_SECRET or the file at PARTNER_CENTER_CLIENT_CERTIFICATE_PATH'],
  ['unauthorized_client', 'check that PARTNER_CENTER_CLIENT_ID is registered in PARTNER_CENTER_TENANT_ID'],
  ['invalid_scope', 'check PARTNER_CENTER_SCOPE'],
  ['invalid_resource', 'check PARTNER_CENTER_SCOPE'],
]);
