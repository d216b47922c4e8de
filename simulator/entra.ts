/** Entra's token endpoint, v1 (`resource=`) and v2 (`scope=…/.default`), for clients with a secret or a certificate. */
import { constants, createVerify, randomUUID, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import type { TokenKind } from './access-tokens';
import type { Answer, Call } from './operations';
import type { Handler, Simulation } from './simulation';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** `refresh_token` stands for the user who consented in the secure application model; it yields App+User tokens. */
const KIND_BY_GRANT: Record<string, TokenKind> = { client_credentials: 'appOnly', refresh_token: 'appPlusUser' };

export const issueTokenV1: Handler = (simulation, call) => issueToken(simulation, call, 'v1');
export const issueTokenV2: Handler = (simulation, call) => issueToken(simulation, call, 'v2');

/** In v1 `resource` names the audience, in v2 `scope`. */
function issueToken(simulation: Simulation, call: Call, version: 'v1' | 'v2'): Answer {
  const form = new URLSearchParams(call.rawBody);
  const error = checkRequest(simulation, call, form);
  if (error) return error;

  const audience = version === 'v1' ? form.get('resource') : getAudience(form.get('scope'));
  if (!audience) {
    return version === 'v1'
      ? entraError('invalid_request', 900144, "The parameter 'resource' is missing.")
      : entraError('invalid_scope', 1002012, 'The scope must be a resource followed by /.default.');
  }
  const kind = KIND_BY_GRANT[form.get('grant_type') ?? ''] ?? 'appOnly';
  const lifetime = simulation.switches.tokenLifetimeSeconds;
  const token = simulation.tokens.issue({
    aud: audience,
    kind,
    tid: simulation.credentials.tenantId,
    appid: simulation.credentials.clientId,
    exp: Math.floor(Date.now() / 1000) + lifetime,
  });
  // v1 sends numbers as strings.
  const expiresIn = version === 'v1' ? String(lifetime) : lifetime;
  return {
    status: 200,
    headers: { 'cache-control': 'no-store' },
    body: { token_type: 'Bearer', expires_in: expiresIn, ext_expires_in: expiresIn, access_token: token },
  };
}

function checkRequest(simulation: Simulation, call: Call, form: URLSearchParams): Answer | undefined {
  const { tenantId, clientId } = simulation.credentials;
  const tenant = call.params['tenant'] ?? '';
  if (!isSameId(tenant, tenantId)) return entraError('invalid_request', 90002, `Tenant '${tenant}' not found.`);
  const grant = form.get('grant_type') ?? '';
  if (grant === '') return entraError('invalid_request', 900144, "The parameter 'grant_type' is missing.");
  if (!(grant in KIND_BY_GRANT)) return entraError('unsupported_grant_type', 70003, `Unsupported grant '${grant}'.`);
  const client = form.get('client_id') ?? '';
  if (isSameId(client, clientId)) return checkClient(simulation, form);
  return entraError('unauthorized_client', 700016, `Application '${client}' was not found in directory '${tenant}'.`);
}

function checkClient(simulation: Simulation, form: URLSearchParams): Answer | undefined {
  const { tenantId, clientId, clientSecret } = simulation.credentials;
  const assertion = form.get('client_assertion');
  if (assertion !== null) {
    const problem =
      form.get('client_assertion_type') === ASSERTION_TYPE
        ? checkAssertion(assertion, { tenantId, clientId, certificate: simulation.switches.clientCertificate })
        : `client_assertion_type must be ${ASSERTION_TYPE}`;
    if (problem === undefined) return undefined;
    return entraError('invalid_client', 700027, `The client assertion was refused: ${problem}.`);
  }
  const secret = form.get('client_secret');
  if (secret === clientSecret) return undefined;
  if (secret === null)
    return entraError('invalid_client', 7000218, 'The request has neither client_assertion nor client_secret.');
  return simulation.expiredSecrets.has(secret)
    ? entraError('invalid_client', 7000222, `The client secret keys of app '${clientId}' are expired.`)
    : entraError('invalid_client', 7000215, `The client secret for app '${clientId}' is invalid.`);
}

function isSameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function getAudience(scope: string | null): string | undefined {
  // MSAL may add openid scopes; the resource is the one with /.default.
  const resource = scope?.split(' ').find((part) => part.endsWith('/.default'));
  return resource?.slice(0, -'/.default'.length);
}

/** Entra answers `invalid_client` with 401 and every other error with 400. */
function entraError(error: string, code: number, text: string): Answer {
  const traceId = randomUUID();
  const correlationId = randomUUID();
  const timestamp = new Date().toISOString().replace('T', ' ').replace(/\.\d+/, '');
  return {
    status: error === 'invalid_client' ? 401 : 400,
    body: {
      error,
      error_description: `AADSTS${code}: ${text} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
      error_codes: [code],
      timestamp,
      trace_id: traceId,
      correlation_id: correlationId,
      error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    },
  };
}

const headerSchema = z.looseObject({ alg: z.enum(['RS256', 'PS256']) });
const claimsSchema = z.looseObject({ iss: z.string(), sub: z.string(), aud: z.string(), exp: z.number() });

interface ExpectedClient {
  tenantId: string;
  clientId: string;
  /** PEM; null = the signature is not checked. */
  certificate: string | null;
}

/** The problem with a client assertion (RFC 7523), or undefined. Times are compared with the machine's clock. */
function checkAssertion(assertion: string, expected: ExpectedClient): string | undefined {
  const [header, payload, signature] = assertion.split('.');
  if (!header || !payload || !signature) return 'it is not a JWT of three parts';
  const parsedHeader = headerSchema.safeParse(decode(header));
  if (!parsedHeader.success) return 'the alg in its header is not RS256 or PS256';
  const parsedClaims = claimsSchema.safeParse(decode(payload));
  if (!parsedClaims.success) return 'its claims lack iss, sub, aud or exp';
  const claims = parsedClaims.data;
  if (claims.iss !== expected.clientId || claims.sub !== expected.clientId) return 'iss and sub must be the client id';
  if (!isTokenEndpoint(claims.aud, expected.tenantId)) return `aud "${claims.aud}" is not this tenant's token endpoint`;
  if (claims.exp * 1000 <= Date.now()) return 'it has expired';
  if (expected.certificate === null) return undefined;
  const isGenuine = isSignedBy(expected.certificate, `${header}.${payload}`, signature, parsedHeader.data.alg);
  return isGenuine ? undefined : 'its signature does not match the registered certificate';
}

/** Accepts any host, because the client may have built the audience for login.microsoftonline.com. */
function isTokenEndpoint(audience: string, tenantId: string): boolean {
  const path = URL.canParse(audience) ? new URL(audience).pathname : '';
  return [`/${tenantId}/oauth2/v2.0/token`, `/${tenantId}/oauth2/token`, `/${tenantId}/v2.0`].includes(path);
}

function isSignedBy(certificate: string, text: string, signature: string, algorithm: 'RS256' | 'PS256'): boolean {
  const key = new X509Certificate(certificate).publicKey;
  const verifier = createVerify('RSA-SHA256').update(text);
  const padding =
    algorithm === 'PS256'
      ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
      : { padding: constants.RSA_PKCS1_PADDING };
  return verifier.verify({ key, ...padding }, signature, 'base64url');
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return undefined;
  }
}
