/** Entra's token endpoint, v1 (`resource=`) and v2 (`scope=…/.default`). */
import { randomUUID } from 'node:crypto';
import { assertionFault } from './client-assertion';
import type { Answer, Call } from './operation';
import type { Handler } from './serve';
import type { TokenKind } from './tokens';
import type { World } from './world';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** `refresh_token` stands for the consented user of the secure application model: it yields App+User tokens. */
const KIND_BY_GRANT: Record<string, TokenKind> = { client_credentials: 'appOnly', refresh_token: 'appPlusUser' };

export const issueTokenV1: Handler = (world, call) => issueToken(world, call, 'v1');
export const issueTokenV2: Handler = (world, call) => issueToken(world, call, 'v2');

/** `version` decides whether `resource` or `scope` names the audience. */
function issueToken(world: World, call: Call, version: 'v1' | 'v2'): Answer {
  const form = new URLSearchParams(call.rawBody);
  const refusal = refusalOf(world, call, form);
  if (refusal) return refusal;

  const audience = version === 'v1' ? form.get('resource') : audienceOfScope(form.get('scope'));
  if (!audience) {
    return version === 'v1'
      ? entraError('invalid_request', 900144, "The parameter 'resource' is missing.")
      : entraError('invalid_scope', 1002012, 'The scope must be a resource followed by /.default.');
  }
  const kind = KIND_BY_GRANT[form.get('grant_type') ?? ''] ?? 'appOnly';
  const lifetime = world.switches.tokenLifetimeSeconds;
  const token = world.tokens.issue({
    aud: audience,
    kind,
    tid: world.credentials.tenantId,
    appid: world.credentials.clientId,
    exp: Math.floor(Date.now() / 1000) + lifetime,
  });
  // v1 answers numbers as strings.
  const expiresIn = version === 'v1' ? String(lifetime) : lifetime;
  return {
    status: 200,
    headers: { 'cache-control': 'no-store' },
    body: { token_type: 'Bearer', expires_in: expiresIn, ext_expires_in: expiresIn, access_token: token },
  };
}

function refusalOf(world: World, call: Call, form: URLSearchParams): Answer | undefined {
  const { tenantId, clientId } = world.credentials;
  const tenant = call.params['tenant'] ?? '';
  if (!equalIds(tenant, tenantId)) return entraError('invalid_request', 90002, `Tenant '${tenant}' not found.`);
  const grant = form.get('grant_type') ?? '';
  if (grant === '') return entraError('invalid_request', 900144, "The parameter 'grant_type' is missing.");
  if (!(grant in KIND_BY_GRANT)) return entraError('unsupported_grant_type', 70003, `Unsupported grant '${grant}'.`);
  const client = form.get('client_id') ?? '';
  if (equalIds(client, clientId)) return clientProofFault(world, form);
  return entraError('unauthorized_client', 700016, `Application '${client}' was not found in directory '${tenant}'.`);
}

function clientProofFault(world: World, form: URLSearchParams): Answer | undefined {
  const { tenantId, clientId, clientSecret } = world.credentials;
  const assertion = form.get('client_assertion');
  if (assertion !== null) {
    const fault =
      form.get('client_assertion_type') === ASSERTION_TYPE
        ? assertionFault(assertion, { tenantId, clientId, certificate: world.switches.clientCertificate })
        : `client_assertion_type must be ${ASSERTION_TYPE}`;
    if (fault === undefined) return undefined;
    return entraError('invalid_client', 700027, `The client assertion was refused: ${fault}.`);
  }
  const secret = form.get('client_secret');
  if (secret === clientSecret) return undefined;
  if (secret === null) return entraError('invalid_client', 7000218, 'Neither client_assertion nor client_secret came.');
  return world.expiredSecrets.has(secret)
    ? entraError('invalid_client', 7000222, `The client secret keys of app '${clientId}' are expired.`)
    : entraError('invalid_client', 7000215, `The client secret for app '${clientId}' is invalid.`);
}

function equalIds(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function audienceOfScope(scope: string | null): string | undefined {
  // Clients of MSAL may add openid scopes; exactly one resource counts.
  const resource = scope?.split(' ').find((part) => part.endsWith('/.default'));
  return resource?.slice(0, -'/.default'.length);
}

/** Of Entra's refusals only a client that cannot prove itself is a 401. */
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
