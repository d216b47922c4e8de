import {
  AuthError,
  ConfidentialClientApplication,
  type INetworkModule,
  type NetworkRequestOptions,
  type NetworkResponse,
  type NodeAuthOptions,
} from '@azure/msal-node';
import { readClientCertificate } from './certificate';
import type { Credentials } from './contract';
import { TokenError } from './errors';
import { NoAnswer, type HttpClient } from './http';
import { readTokenAnswer, tokenErrorFromNoAnswer } from './token-answer';
import type { AccessToken } from './tokens';

const MAX_BODY_BYTES = 1_048_576;

/**
 * Prepares App-only token requests by client secret or certificate; each call of the result asks Entra once.
 * Throws an Error that names the variable when the credentials cannot be used; what it returns throws TokenError.
 */
export function createTokenRequest(
  credentials: Credentials,
  http: HttpClient,
  timeoutMs: number,
): () => Promise<AccessToken> {
  const auth = authOptions(credentials);

  return async () => {
    const networkClient = new EntraExchange(http, timeoutMs);
    const obtainedAtMs = Date.now();
    try {
      // A new application each time, for MSAL's would remember: a failure for 60 s, an assertion for ten minutes.
      const application = new ConfidentialClientApplication({ auth, system: { networkClient } });
      const result = await application.acquireTokenByClientCredential({ scopes: [credentials.scope], skipCache: true });
      if (!result?.accessToken || !result.expiresOn) {
        throw new TokenError({ kind: 'unavailable' }, 'an answer without a token or its end');
      }
      return {
        value: result.accessToken,
        obtainedAtMs,
        expiresAtMs: result.expiresOn.getTime(),
        ...(result.refreshOn && { refreshAtMs: result.refreshOn.getTime() }),
      };
    } catch (error) {
      // MSAL wraps what its network client throws, and loses the status in doing so.
      throw networkClient.failure ?? (error instanceof TokenError ? error : refusalBeforeAsking(error));
    }
  };
}

/** MSAL's way to the network: ours, with its time limit. MSAL itself has none and would wait for good. */
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
      if (error instanceof NoAnswer) this.failure = tokenErrorFromNoAnswer(error);
      if (error instanceof TokenError) this.failure = error;
      throw error;
    }
  }

  /** Only the discovery of an authority would need it, and the authority's metadata are given. */
  sendGetRequestAsync<T>(): Promise<NetworkResponse<T>> {
    this.failure = new TokenError({ kind: 'refused' }, 'an authority that would have to be discovered');
    return Promise.reject(this.failure);
  }
}

/** MSAL gave up before it asked anyone, so a setting is at fault. Its own error is dropped: it may quote that setting. */
function refusalBeforeAsking(error: unknown): TokenError {
  const errorCode = error instanceof AuthError && /^[a-z_]{3,64}$/.test(error.errorCode) ? error.errorCode : undefined;
  return new TokenError(
    { kind: 'refused', ...(errorCode !== undefined && { errorCode }) },
    'before asking: check PARTNER_CENTER_TENANT_ID, PARTNER_CENTER_CLIENT_ID and PARTNER_CENTER_SCOPE',
  );
}

function authOptions({ tenantId, clientId, tokenEndpoint, ...credentials }: Credentials): NodeAuthOptions {
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
    ...clientCredential(credentials),
  };
}

function clientCredential({
  clientSecret,
  clientCertificatePem,
}: Pick<Credentials, 'clientSecret' | 'clientCertificatePem'>): Pick<
  NodeAuthOptions,
  'clientSecret' | 'clientCertificate'
> {
  if (clientSecret && !clientCertificatePem) return { clientSecret };
  if (clientCertificatePem && !clientSecret) return { clientCertificate: readClientCertificate(clientCertificatePem) };
  throw new Error(
    `PARTNER_CENTER_CLIENT_SECRET, PARTNER_CENTER_CLIENT_CERTIFICATE_PATH: ` +
      `${clientSecret ? 'both are' : 'neither is'} set; set exactly one of them.`,
  );
}
