import { constants, createSign, generateKeyPairSync } from 'node:crypto';
import { makeCertificate } from '../../support/certificates';
import { CUSTOMER, signatory, useSimulator } from './client';

const client = useSimulator();

const attest = () => client().api('POST', '/attestations/enhanced', signatory);

describe('the token endpoint', () => {
  it('issues tokens for 3599 seconds, as a number in v2 and as a string in v1', async () => {
    const v2 = await client().requestToken();
    expect(v2.json).toMatchObject({ token_type: 'Bearer', expires_in: 3599 });
    const resource = 'https://api.partnercenter.microsoft.com';
    const v1 = await client().requestToken({ resource }, undefined, 'oauth2/token');
    expect(v1.json).toMatchObject({ token_type: 'Bearer', expires_in: '3599' });
    client().token = (v1.json as { access_token: string }).access_token;
    expect((await attest()).status).toBe(201);
  });

  it('refuses a wrong secret as invalid and a replaced one as expired', async () => {
    const wrong = await client().requestToken({ client_secret: 'wrong' });
    expect(wrong.status).toBe(401);
    expect(wrong.json).toMatchObject({ error: 'invalid_client', error_codes: [7000215], trace_id: expect.any(String) });

    await client().send('POST', '/simulator/credentials', { clientSecret: 'rotated' });
    expect((await client().requestToken()).json).toMatchObject({ error_codes: [7000222] });
    expect((await client().requestToken({ client_secret: 'rotated' })).status).toBe(200);
  });

  it.each([
    ['another tenant', {}, 'another-tenant', 'invalid_request'],
    ['an unknown application', { client_id: 'other' }, undefined, 'unauthorized_client'],
    ['another grant', { grant_type: 'password' }, undefined, 'unsupported_grant_type'],
    ['a scope that is no resource', { scope: 'openid' }, undefined, 'invalid_scope'],
  ])('refuses %s', async (_what, form, tenant, error) => {
    const reply = await client().requestToken(form, tenant);
    expect(reply.status).toBe(400);
    expect(reply.json).toMatchObject({ error });
  });
});

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An assertion of our client, valid for ten minutes, signed with `key` (PEM). */
function buildAssertion(key: string, claims: object = {}): string {
  const { clientId, tenantId } = client().simulator.credentials;
  const payload = {
    iss: clientId,
    sub: clientId,
    aud: `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`,
    exp: Math.floor(Date.now() / 1000) + 600,
    ...claims,
  };
  const text = `${encoded({ alg: 'PS256', typ: 'JWT' })}.${encoded(payload)}`;
  const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  return `${text}.${createSign('RSA-SHA256')
    .update(text)
    .sign({ key, ...padding }, 'base64url')}`;
}

const present = (assertion: string) =>
  client().requestToken({
    client_secret: '',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  });

describe('a client assertion', () => {
  const { privateKey: otherKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

  it('is accepted instead of a secret, without a check of its signature', async () => {
    expect((await present(buildAssertion(otherKey))).status).toBe(200);
  });

  it.each([
    ['expired', { exp: 1 }],
    ['of another client', { sub: 'other' }],
    ['for another audience', { aud: 'https://login.microsoftonline.com/other/oauth2/v2.0/token' }],
  ])('is refused when it is %s', async (_what, claims) => {
    const reply = await present(buildAssertion(otherKey, claims));
    expect(reply.status).toBe(401);
    expect(reply.json).toMatchObject({ error: 'invalid_client', error_codes: [700027] });
  });

  it('is refused when it is not a JWT', async () => {
    expect((await present('nonsense')).status).toBe(401);
  });

  it('must be signed with the registered certificate', async () => {
    const { key, certificate } = makeCertificate();
    await client().switches({ clientCertificate: certificate });
    expect((await present(buildAssertion(otherKey))).status).toBe(401);
    expect((await present(buildAssertion(key))).status).toBe(200);
    expect((await client().switches({ clientCertificate: 'no PEM' })).status).toBe(400);
  });
});

describe('an access token', () => {
  it('gets an OAuth error from attestations and a classic error elsewhere when it is invalid', async () => {
    client().token = 'nonsense';
    const attestation = await attest();
    expect(attestation.status).toBe(401);
    expect(attestation.json).toEqual({
      error: 'unauthorized',
      error_description: 'The access token is invalid or has expired',
    });
    const agreement = await client().agree({});
    expect(agreement.status).toBe(401);
    expect(agreement.json).toMatchObject({ code: 800001, source: 'PartnerFD' });
  });

  it('expires after the lifetime that the switch sets', async () => {
    await client().switches({ tokenLifetimeSeconds: 1 });
    await client().signIn();
    // The expiry has a resolution of seconds: a token of one second expires in this second or the next.
    while ((await attest()).status !== 401);
    await client().signIn();
    expect((await attest()).status).toBe(201);
  });

  it('is refused once it was revoked, and a new one works', async () => {
    await client().send('POST', '/simulator/tokens/revoke');
    expect((await attest()).status).toBe(401);
    await client().signIn();
    expect((await attest()).status).toBe(201);
  });

  it('is refused when it was issued for another audience', async () => {
    await client().signIn({ scope: 'https://graph.windows.net/.default' });
    const reply = await attest();
    expect(reply.status).toBe(401);
    expect(reply.json).toMatchObject({ code: 900420 });
  });

  it('is refused for a user in calls that only applications can make', async () => {
    await client().signIn({ grant_type: 'refresh_token', refresh_token: 'any' });
    expect((await attest()).status).toBe(403);
    expect((await client().api('GET', `/customers/${CUSTOMER}/agreements`)).status).toBe(200);
  });

  it('does not expire when the clock of the simulator is moved', async () => {
    await client().send('PUT', '/simulator/clock', { offsetMs: 86_400_000 });
    expect((await attest()).status).toBe(201);
  });
});

describe('the kind of caller', () => {
  it('is refused on agreement reads with an application token, unless switched', async () => {
    const read = () => client().api('GET', `/customers/${CUSTOMER}/agreements`);
    const refused = await read();
    expect(refused.status).toBe(403);
    expect(refused.json).toMatchObject({ code: 900329 });
    await client().switches({ agreementGetsAllowAppOnly: true });
    expect((await read()).status).toBe(200);
  });

  it('is refused when it is an indirect reseller', async () => {
    await client().switches({ partnerType: 'indirectReseller' });
    const attestation = await attest();
    expect(attestation.status).toBe(404);
    expect(attestation.json).toEqual({ error: 'This API is not available for your partner type' });
    const read = await client().api('GET', '/agreements');
    expect(read.status).toBe(403);
    expect(read.text).toBe('');
    expect(read.headers.get('content-type')).toBeNull();
  });
});

describe('throttling', () => {
  it('limits the partner and each customer separately, and sends Retry-After', async () => {
    await client().switches({ throttle: { perCustomerPerSecond: 1 } });
    const agree = (customerId: string) => client().agree({}, {}, customerId);
    let throttled = await agree(CUSTOMER);
    while (throttled.status !== 429) throttled = await agree(CUSTOMER);
    expect(throttled.json).toEqual({ statusCode: 429, message: 'Rate limit is exceeded. Try again in 1 seconds.' });
    expect(throttled.headers.get('retry-after')).toBe('1');
    expect((await attest()).status).toBe(201);

    await client().switches({ throttle: { perPartnerPerSecond: 1, perCustomerPerSecond: null } });
    while ((await attest()).status !== 429);
  });
});
