import { createHash, createPrivateKey, verify, X509Certificate, constants } from 'node:crypto';
import { createPartnerCenter, TokenError } from '../../../src/partner-center';
import { createTokenRequest, type Credentials } from '../../../src/partner-center/entra';
import type { HttpRequest } from '../../../src/partner-center/http';
import { makeCertificate } from '../../support/certificates';
import {
  issueTokens,
  json,
  expectRejection,
  resetConnection,
  startClientTestBed,
  neverAnswer,
  text,
  type ClientTestBed,
} from '../../support/http-server';

// Made once: a new RSA key takes up to a second.
const own = makeCertificate();
const other = makeCertificate();

let testBed: ClientTestBed;
beforeEach(async () => {
  testBed = await startClientTestBed();
});
afterEach(() => testBed.close());

function withoutSecret(credentials: Credentials): Credentials {
  const { clientSecret: _, ...others } = credentials;
  return others;
}

function tokenForm(index = 0): URLSearchParams {
  return new URLSearchParams(testBed.entra.requests[index]?.body);
}

describe('a token request', () => {
  test('by secret is one client-credentials request for the configured scope', async () => {
    await testBed.partnerCenter.checkCredentials();
    expect(testBed.entra.requests).toHaveLength(1);
    expect(testBed.entra.requests[0]?.url).toMatch(/^\/token/);
    expect(Object.fromEntries(tokenForm())).toMatchObject({
      grant_type: 'client_credentials',
      client_id: testBed.settings.credentials.clientId,
      client_secret: testBed.settings.credentials.clientSecret,
      scope: testBed.settings.credentials.scope,
    });
    expect(testBed.api.requests).toHaveLength(0);
  });

  test("goes to the tenant's own endpoint by default, without discovery", async () => {
    const { tokenEndpoint: _, ...credentials } = testBed.settings.credentials;
    const asked: HttpRequest[] = [];
    const requestToken = createTokenRequest(
      credentials,
      {
        send(request) {
          asked.push(request);
          return Promise.resolve({ status: 200, headers: {}, bodyText: '{"access_token":"t","expires_in":3599}' });
        },
        close() {},
      },
      1_000,
    );
    await expect(requestToken()).resolves.toMatchObject({ value: 't' });
    expect(asked.map(({ method, url }) => `${method} ${url.split('?')[0]}`)).toEqual([
      `POST https://login.microsoftonline.com/${credentials.tenantId}/oauth2/v2.0/token`,
    ]);
  });

  test('by certificate proves possession of the key with a signed assertion', async () => {
    const { key, certificate } = own;
    const credentials = withoutSecret(testBed.settings.credentials);
    const partnerCenter = createPartnerCenter({
      ...testBed.settings,
      credentials: { ...credentials, clientCertificatePem: `${other.certificate}\n${certificate}\n${key}` },
    });
    await partnerCenter.checkCredentials();
    partnerCenter.close();

    expect(tokenForm().get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    expect(tokenForm().has('client_secret')).toBe(false);
    const [header = '', claims = '', signature = ''] = (tokenForm().get('client_assertion') ?? '').split('.');
    const signing = new X509Certificate(certificate);
    const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
    const signed = Buffer.from(`${header}.${claims}`);
    expect(verify('sha256', signed, { key: signing.publicKey, ...pss }, Buffer.from(signature, 'base64url'))).toBe(
      true,
    );
    expect(decoded(header)).toMatchObject({
      alg: 'PS256',
      'x5t#S256': createHash('sha256').update(signing.raw).digest('base64url'),
      x5c: [signing.raw.toString('base64'), new X509Certificate(other.certificate).raw.toString('base64')],
    });
    expect(decoded(claims)).toMatchObject({
      iss: credentials.clientId,
      sub: credentials.clientId,
      aud: credentials.tokenEndpoint,
    });
  });
});

function decoded(part: string): unknown {
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}

const create = (credentials: Partial<Credentials>) => () =>
  createPartnerCenter({
    ...testBed.settings,
    credentials: { ...withoutSecret(testBed.settings.credentials), ...credentials },
  });

describe('unusable credentials are reported at once', () => {
  test('neither a secret nor a certificate, or both', () => {
    expect(create({})).toThrow(
      'PARTNER_CENTER_CLIENT_SECRET, PARTNER_CENTER_CLIENT_CERTIFICATE_PATH: neither is set; set exactly one of them.',
    );
    expect(create({ clientSecret: 's', clientCertificatePem: 'c' })).toThrow('both are set');
  });

  test('a file that lacks its key, its certificate or their match', () => {
    const variable = 'PARTNER_CENTER_CLIENT_CERTIFICATE_PATH: the file holds';
    expect(create({ clientCertificatePem: 'not a PEM' })).toThrow(`${variable} no private key; append the block`);
    expect(create({ clientCertificatePem: own.certificate })).toThrow(`${variable} no private key`);
    expect(create({ clientCertificatePem: own.key })).toThrow(`${variable} no certificate; append the block`);
    expect(create({ clientCertificatePem: own.key + other.certificate })).toThrow(
      `${variable} a private key that belongs to none of its certificates`,
    );
  });

  test('a key that is encrypted, of another kind or broken', () => {
    const { key, certificate } = own;
    const encrypted = createPrivateKey(key).export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'planted-passphrase',
    });
    expect(create({ clientCertificatePem: certificate + String(encrypted) })).toThrow(
      'holds an encrypted private key; decrypt it first',
    );
    const curve = makeCertificate('ec');
    expect(create({ clientCertificatePem: curve.key + curve.certificate })).toThrow('of type ec; use an RSA key');
    const broken = key.replace(/\n.{20}/, '\n!!!!!!!!!!!!!!!!!!!!');
    expect(create({ clientCertificatePem: broken + certificate })).toThrow('holds a private key that cannot be read');
  });
});

describe('a failed token request', () => {
  test.each([
    ['a secret that has expired', 401, 'invalid_client', 7000222, 'renew PARTNER_CENTER_CLIENT_SECRET'],
    [
      'an application unknown in the tenant',
      400,
      'unauthorized_client',
      700016,
      'PARTNER_CENTER_CLIENT_ID is registered',
    ],
    ['a scope that does not exist', 400, 'invalid_scope', 70011, 'check PARTNER_CENTER_SCOPE'],
    ['a tenant that does not exist', 400, 'invalid_request', 90002, 'check PARTNER_CENTER_TENANT_ID'],
  ])('because of %s counts as refused, and the error says what to fix', async (_why, status, error, entraCode, fix) => {
    testBed.entra.answer(json(status, { error, error_description: 'planted words', error_codes: [entraCode] }));
    const failure = await expectRejection(testBed.partnerCenter.checkCredentials(), TokenError);
    expect(failure).toMatchObject({ kind: 'refused', status, errorCode: error, entraCode: `AADSTS${entraCode}` });
    expect(failure.message).toContain(`Microsoft Entra refused a token: HTTP ${status}, ${error}, AADSTS${entraCode}`);
    expect(failure.message).toContain(fix);
    expect(failure.message).not.toContain('planted words');
  });

  test('because of a redirect counts as refused, and the redirect is not followed', async () => {
    testBed.entra.answer(text(302, '', { location: `${testBed.api.url}/elsewhere` }));
    const failure = await expectRejection(testBed.partnerCenter.checkCredentials(), TokenError);
    expect(failure).toMatchObject({ kind: 'refused', status: 302 });
    expect(failure.message).toContain('ENTRA_TOKEN_ENDPOINT');
    expect(testBed.api.requests).toHaveLength(0);
  });

  test('because MSAL sends no request counts as refused', async () => {
    const credentials = { ...testBed.settings.credentials, tenantId: 'common' };
    const partnerCenter = createPartnerCenter({ ...testBed.settings, credentials });
    const failure = await expectRejection(partnerCenter.checkCredentials(), TokenError);
    expect(failure).toMatchObject({ kind: 'refused', errorCode: 'missing_tenant_id_error' });
    expect(failure.message).toContain('check PARTNER_CENTER_TENANT_ID');
    expect(testBed.entra.requests).toHaveLength(0);
    partnerCenter.close();
  });

  test.each([
    ['a 503 with JSON', json(503, { error: 'temporarily_unavailable' }), 503],
    ['a 400 that calls itself temporary', json(400, { error: 'temporarily_unavailable' }), 400],
    ['an empty 500', text(500, ''), 500],
    ['a page', text(200, '<html>Sign in</html>'), 200],
    ['a page under a 404', text(404, '<html>'), 404],
    ['a success cut short', text(200, '{"access_token":"planted'), 200],
    ['a success without its token', json(200, { token_type: 'Bearer' }), 200],
    ['a 408', text(408, ''), 408],
  ])('because of %s counts as unavailable', async (_why, answer, status) => {
    testBed.entra.answer(answer);
    const failure = await expectRejection(testBed.partnerCenter.checkCredentials(), TokenError);
    expect(failure).toMatchObject({ kind: 'unavailable', status });
  });

  test('because of throttling counts as unavailable, with the requested wait', async () => {
    testBed.entra.answer(json(429, { error: 'too_many' }, { 'retry-after': '30' }));
    const failure = await expectRejection(testBed.partnerCenter.checkCredentials(), TokenError);
    expect(failure).toMatchObject({ kind: 'unavailable', status: 429, retryAfterMs: 30_000 });
  });

  test('because the connection broke counts as unavailable', async () => {
    testBed.entra.answer(resetConnection);
    const failure = await expectRejection(testBed.partnerCenter.checkCredentials(), TokenError);
    expect(failure).toMatchObject({ kind: 'unavailable' });
    expect(failure.message).toBe('Microsoft Entra issued no token: ECONNRESET');
  });

  test('because nothing listens counts as unavailable', async () => {
    await testBed.entra.close();
    const failure = await expectRejection(testBed.partnerCenter.checkCredentials(), TokenError);
    expect(failure.message).toBe('Microsoft Entra issued no token: ECONNREFUSED');
    testBed.entra.close = () => Promise.resolve();
  });

  test('because the endpoint hangs counts as unavailable after the time-out', async () => {
    const client = createPartnerCenter({ ...testBed.settings, timeoutMs: 100 });
    testBed.entra.answer(neverAnswer);
    const failure = await expectRejection(client.checkCredentials(), TokenError);
    expect(failure).toMatchObject({ kind: 'unavailable' });
    expect(failure.message).toBe('Microsoft Entra issued no token: timed out');
    client.close();
  });
});

describe('after a failure', () => {
  test('a refusal is not repeated by later callers', async () => {
    testBed.entra.answer(json(401, { error: 'invalid_client' }));
    await expectRejection(testBed.partnerCenter.checkCredentials(), TokenError);
    await Promise.all(
      Array.from({ length: 50 }, () => expectRejection(testBed.partnerCenter.checkCredentials(), TokenError)),
    );
    expect(testBed.entra.requests).toHaveLength(1);
  });

  test('an outage ends as soon as Entra is back, although MSAL alone would wait for a minute', async () => {
    testBed.entra.answer(json(503, { error: 'server_error' }), issueTokens());
    await expectRejection(testBed.partnerCenter.checkCredentials(), TokenError);
    await testBed.partnerCenter.checkCredentials();
    expect(testBed.entra.requests).toHaveLength(2);
  });
});
