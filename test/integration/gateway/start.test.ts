/** Starting deals over HTTP, in front of a real Temporal server with a worker. */
import { attestedRequest, contoso } from '../../support/requests';
import { TestStack } from '../../support/test-stack';
import { keys, getProblemKind, links, type TestGateway } from '../../support/test-gateway';

let stack: TestStack;
let gateway: TestGateway;

beforeAll(async () => {
  stack = await TestStack.start({
    server: 'dev',
    worker: true,
    gateway: { callbacks: { allowedHosts: [{ host: 'crm.example.com' }], allowPrivate: false } },
  });
  gateway = stack.gateway;
});
afterAll(() => stack?.close());

test('a new deal is accepted with its location and the link for the customer', async () => {
  const request = attestedRequest();

  const started = await gateway.post('/v1/onboardings', request);

  expect(started.status).toBe(202);
  expect(started.headers.get('location')).toBe(`/v1/onboardings/${request.dealId}`);
  expect(started.body).toEqual({
    id: request.dealId,
    status: 'creatingAttestation',
    attempt: 1,
    acceptanceUrl: expect.stringMatching(/^https:\/\/onboarding\.example\.com\/accept\/[\w.-]+$/),
    links: expect.objectContaining({ self: `/v1/onboardings/${request.dealId}` }),
  });
  const token = String(started.body['acceptanceUrl']).split('/accept/')[1]!;
  expect(links.parseToken(token)).toMatchObject({ onboardingId: request.dealId });
  expect((await gateway.get(started.headers.get('location')!)).status).toBe(200);
});

test('the same deal with the same content is answered with its view, and ignored differences are named', async () => {
  const request = attestedRequest({ metadata: { owner: 'team-7' } });
  const first = await gateway.post('/v1/onboardings', request);

  const again = await gateway.post('/v1/onboardings', { ...request, metadata: { owner: 'team-8' } });

  expect(again.status).toBe(200);
  expect(again.body).toMatchObject({
    id: request.dealId,
    attempt: 1,
    acceptanceUrl: first.body['acceptanceUrl'],
    ignored: ['metadata'],
    onboarding: { dealId: request.dealId, metadata: { owner: 'team-7' } },
  });
});

test('the same deal with other content is refused, and the members that differ are named', async () => {
  const request = attestedRequest();
  await gateway.post('/v1/onboardings', request);

  const other = await gateway.post('/v1/onboardings', {
    ...request,
    attestation: { ...contoso, signatoryFirstName: 'Jane', expirationInMinutes: 90 },
  });

  expect(other.status).toBe(409);
  expect(getProblemKind(other)).toBe('known-with-other-content');
  expect(other.body['differing']).toEqual(
    expect.arrayContaining(['attestation.signatoryFirstName', 'attestation.expirationInMinutes']),
  );
  expect(JSON.stringify(other.body)).not.toMatch(/Jane|Smith|Contoso/);
});

test('two starts of one deal at the same time create one onboarding', async () => {
  const request = attestedRequest();

  const answers = await Promise.all(Array.from({ length: 8 }, () => gateway.post('/v1/onboardings', request)));

  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 200, 200, 200, 200, 202]);
  expect(new Set(answers.map(({ body }) => body['acceptanceUrl'])).size).toBe(1);
});

test('all faults of a request are reported together, each with a pointer and without the value sent', async () => {
  const answer = await gateway.post('/v1/onboardings', {
    dealId: '-',
    customerId: 'contoso',
    attestation: { ...contoso, emailAddress: 'nobody-at-all', country: 'us' },
    remindAfterMinutes: [10, 60],
    callbackUrl: 'https://elsewhere.example/hook',
    extra: 1,
  });

  expect(answer.status).toBe(400);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.body).toMatchObject({
    type: 'urn:agreement-onboarding:problem:invalid-request',
    status: 400,
    correlationId: answer.headers.get('x-correlation-id'),
  });
  expect((answer.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer).toSorted()).toEqual([
    '/attestation/country',
    '/attestation/emailAddress',
    '/callbackUrl',
    '/customerId',
    '/dealId',
    '/extra',
    '/remindAfterMinutes',
  ]);
  expect(JSON.stringify(answer.body)).not.toContain('nobody-at-all');
});

test.each([
  ['https://crm.example.com/hook', 202],
  ['https://crm.example.com:8443/hook', 400],
  ['http://crm.example.com/hook', 400],
  ['https://user:secret@crm.example.com/hook', 400],
  ['https://127.0.0.1/hook', 400],
  ['ftp://crm.example.com/hook', 400],
  ['hook', 400],
])('a callback to %s is answered with %d', async (callbackUrl, status) => {
  const answer = await gateway.post('/v1/onboardings', attestedRequest({ callbackUrl }));

  expect(answer.status).toBe(status);
  if (status === 400) expect(answer.body['errors']).toEqual([expect.objectContaining({ pointer: '/callbackUrl' })]);
});

test('a language in which Microsoft has no document causes a warning, not a refusal', async () => {
  const started = await gateway.post(
    '/v1/onboardings',
    attestedRequest({ attestation: { country: 'AT', language: 'fr-FR' } }),
  );

  expect(started.status).toBe(202);
  expect(started.body['warnings']).toEqual([
    { pointer: '/attestation/language', detail: expect.stringContaining('en-US, de-DE') },
  ]);
});

test('a body that is empty, not JSON or not an object is refused and not quoted', async () => {
  const malformed = await gateway.post('/v1/onboardings', '{"dealId": "D-1", "companyName": Contoso}');
  expect([malformed.status, getProblemKind(malformed)]).toEqual([400, 'malformed-json']);
  expect(JSON.stringify(malformed.body)).not.toContain('Contoso');

  for (const body of ['', '[]', 'null', '"deal"']) {
    const answer = await gateway.post('/v1/onboardings', body);
    expect([answer.status, getProblemKind(answer)]).toEqual([400, 'invalid-request']);
    expect(answer.body['errors']).toEqual([
      { pointer: '', detail: expect.stringContaining('must be an onboarding request') },
    ]);
  }
  const poisoned = await gateway.post('/v1/onboardings', '{"__proto__": {"isAdmin": true}}');
  expect([poisoned.status, getProblemKind(poisoned)]).toEqual([400, 'malformed-json']);
});

test('a key of one reseller starts that reseller’s deals, whether the request names it or not', async () => {
  const request = attestedRequest();
  const options = { key: keys.fabrikam };

  const started = await gateway.post('/v1/onboardings', request, options);
  expect(started).toMatchObject({ status: 202, body: { id: `fabrikam:${request.dealId}` } });
  const again = await gateway.post('/v1/onboardings', { ...request, resellerId: 'fabrikam' }, options);
  expect(again.status).toBe(200);
  const foreign = await gateway.post('/v1/onboardings', { ...request, resellerId: 'litware' }, options);
  expect([foreign.status, getProblemKind(foreign)]).toEqual([403, 'other-reseller']);
});

test('the log holds no name, address, key or path of a request', async () => {
  const request = attestedRequest();
  await gateway.post('/v1/onboardings', request);

  const entry = gateway.log.findLast(({ message }) => message === 'Request')!;
  expect(entry).toEqual({
    time: expect.any(String),
    level: 'info',
    message: 'Request',
    method: 'POST',
    route: '/v1/onboardings',
    status: 202,
    ms: expect.any(Number),
    caller: 'crm',
    correlationId: expect.any(String),
  });
  expect(JSON.stringify(gateway.log)).not.toMatch(/Smith|Contoso|crm-key-1|accept\/[A-Za-z0-9]/);
});
