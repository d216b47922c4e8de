/** One onboarding over the HTTP API, from its start to its end. */
import type { OnboardingRequest } from '../../../src/onboarding/request';
import { eventually } from '../../support/eventually';
import { attestedRequest, contoso, primaryContactRequest } from '../../support/requests';
import { TestStack } from '../../support/test-stack';
import { type Answer, keys, getProblemKind, links, type TestGateway } from '../../support/test-gateway';

let stack: TestStack;
let gateway: TestGateway;

beforeAll(async () => {
  stack = await TestStack.start({
    server: 'dev',
    worker: { settings: { allowPrimaryContactMethod: true } },
    gateway: { allowPrimaryContactMethod: true },
  });
  gateway = stack.gateway;
});
afterAll(() => stack?.close());
beforeEach(() => stack.control.reset());

async function until(path: string, wanted: (body: Answer['body']) => boolean): Promise<Answer['body']> {
  let body: Answer['body'] = {};
  return eventually(
    async () => {
      ({ body } = await gateway.get(path));
      return wanted(body) && body;
    },
    { what: () => `another view than ${JSON.stringify(body)}`, intervalMs: 30 },
  );
}

const untilStatus = (path: string, status: string) =>
  until(path, (body) => body['status'] === status && body['partial'] === undefined);

async function startDeal(request: OnboardingRequest): Promise<string> {
  const { headers, status } = await gateway.post('/v1/onboardings', request);
  expect(status).toBe(202);
  return headers.get('location')!;
}

async function startInvited(request: OnboardingRequest = attestedRequest()): Promise<string> {
  const path = await startDeal(request);
  await untilStatus(path, 'awaitingAcceptance');
  return path;
}

async function startAndDecline(request: OnboardingRequest = attestedRequest()): Promise<string> {
  const path = await startInvited(request);
  expect((await gateway.post(`${path}/decline`, { code: 'wrongPerson' })).status).toBe(200);
  await untilStatus(path, 'declined');
  return path;
}

test('a partner’s own checkout can show Microsoft’s window and report the acceptance, which creates the agreement', async () => {
  const path = await startInvited();
  const frame = await gateway.post(`${path}/frame`);
  expect(frame).toMatchObject({ status: 200, body: { round: 1, expiresAt: expect.any(String) } });
  const attestationId = new URL(String(frame.body['url'])).searchParams.get('attestationid')!;
  expect(frame.headers.get('cache-control')).toBe('no-store');
  await stack.control.accept(attestationId);

  const accepted = await gateway.post(`${path}/acceptance`, { acceptanceId: 'A-1', reason: 'in our checkout' });

  expect(accepted).toMatchObject({ status: 200, body: { acceptanceId: 'A-1', round: 1 } });
  const view = await untilStatus(path, 'agreementCreated');
  expect(view).toMatchObject({
    acceptance: { source: 'crm', actor: 'crm', reason: 'in our checkout' },
    result: { outcome: 'agreementCreated', createdBy: 'thisOnboarding' },
  });
  expect(JSON.stringify(view)).not.toContain(attestationId);
  expect(JSON.stringify(gateway.log)).not.toContain(attestationId);

  for (const [verb, body] of [
    ['acceptance', {}],
    ['decline', { code: 'other' }],
    ['cancel', undefined],
    ['retry', undefined],
    ['frame', undefined],
    ['link', undefined],
  ] as const) {
    const answer = await gateway.post(`${path}/${verb}`, body);
    expect([verb, answer.status, getProblemKind(answer), answer.body['onboardingStatus']]).toEqual([
      verb,
      409,
      'not-open',
      'agreementCreated',
    ]);
  }
  const restart = await gateway.post(`${path}/restart`);
  expect([restart.status, getProblemKind(restart)]).toEqual([409, 'agreement-exists']);
});

test('an acceptance without a body is recorded under a new id', async () => {
  const path = await startInvited();

  const accepted = await gateway.post(`${path}/acceptance`);

  expect(accepted.status).toBe(200);
  expect(accepted.body['acceptanceId']).toEqual(expect.any(String));
});

test('an invalid acceptance is refused with a pointer to each fault, and callers cannot claim the page as source', async () => {
  const path = await startInvited();

  const answer = await gateway.post(`${path}/acceptance`, {
    acceptedAt: 'yesterday',
    source: 'page',
    page: {},
    round: 0,
  });

  expect(answer.status).toBe(400);
  expect((answer.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer).toSorted()).toEqual([
    '/acceptedAt',
    '/page',
    '/round',
    '/source',
  ]);
});

test('before the invitation an acceptance, a decline and the window are refused', async () => {
  await stack.control.faults({ on: 'createAttestation', times: 1, status: 403 });
  const early = await startDeal(attestedRequest());
  await untilStatus(early, 'needsAttention');
  expect(await gateway.post(`${early}/acceptance`)).toMatchObject({ status: 409, body: { reason: 'NotYetInvited' } });
  const frame = await gateway.post(`${early}/frame`);
  expect([frame.status, getProblemKind(frame)]).toEqual([409, 'nothing-to-accept']);
  expect(await gateway.post(`${early}/decline`, { code: 'other' })).toMatchObject({
    status: 409,
    body: { reason: 'NotYetInvited' },
  });
});

test('an acceptance dated after the end of the link is refused', async () => {
  const path = await startInvited(attestedRequest({ attestation: { expirationInMinutes: 5 } }));
  const { acceptBy } = (await gateway.get(path)).body;
  // A claimed time may be five minutes ahead, and the link ends five minutes after the attestation was requested.
  const getLatestAllowedTime = () => Date.now() + 5 * 60_000 - 50;
  await eventually(() => getLatestAllowedTime() > Date.parse(String(acceptBy)), {
    what: 'a time after the end of the link',
  });

  const late = await gateway.post(`${path}/acceptance`, { acceptedAt: new Date(getLatestAllowedTime()).toISOString() });

  expect(late).toMatchObject({ status: 409, body: { reason: 'TooLate' } });
});

test('a decline ends the onboarding, and is refused after an acceptance', async () => {
  const path = await startAndDecline();
  expect(await gateway.get(path)).toMatchObject({ body: { decline: { code: 'wrongPerson' } } });
  const faulty = await gateway.post(`${path}/decline`, { code: 'perhaps' });
  expect(faulty).toMatchObject({ status: 400, body: { errors: [{ pointer: '/code' }] } });

  const request = attestedRequest();
  await stack.control.faults({ on: 'createAgreement', customerId: request.customerId, times: 'always', status: 503 });
  const accepted = await startInvited(request);
  await gateway.post(`${accepted}/acceptance`);
  expect(await gateway.post(`${accepted}/decline`, { code: 'other' })).toMatchObject({
    status: 409,
    body: { reason: 'Accepted' },
  });
  await gateway.post(`${accepted}/cancel`);
});

test('a cancellation is logged with its reason and the name of the API key', async () => {
  const path = await startInvited();

  expect(await gateway.post(`${path}/cancel`, { reason: 'deal fell through' })).toMatchObject({
    status: 202,
    body: { requested: 'cancellation' },
  });

  await untilStatus(path, 'cancelled');
  expect(gateway.log).toContainEqual(
    expect.objectContaining({
      level: 'info',
      message: 'An operator’s request',
      requested: 'cancellation',
      caller: 'crm',
      reason: 'deal fell through',
    }),
  );
});

test('retry resumes an onboarding that needs attention, and is refused for any other', async () => {
  await stack.control.faults({ on: 'createAttestation', times: 1, status: 400 });
  const path = await startDeal(attestedRequest());
  await untilStatus(path, 'needsAttention');

  expect((await gateway.post(`${path}/retry`, { reason: 'fixed' })).status).toBe(202);

  await untilStatus(path, 'awaitingAcceptance');
  const again = await gateway.post(`${path}/retry`);
  expect([again.status, getProblemKind(again)]).toEqual([409, 'needs-no-attention']);
});

describe('a restart', () => {
  test('begins the next attempt with the same request and a new link; the old link keeps naming the old run', async () => {
    const request = attestedRequest();
    const path = await startAndDecline(request);
    const firstLink = (await gateway.post('/v1/onboardings', request)).body;
    expect(firstLink['acceptanceUrl']).toBeUndefined();

    const again = await gateway.post(`${path}/restart`);

    expect(again).toMatchObject({ status: 202, body: { id: request.dealId, attempt: 2 } });
    const url = String(again.body['acceptanceUrl']);
    const view = await untilStatus(path, 'awaitingAcceptance');
    expect(view['attempt']).toBe(2);
    expect(await gateway.post(`${path}/link`)).toMatchObject({
      status: 200,
      body: { acceptanceUrl: url, acceptBy: view['acceptBy'] },
    });
    const target = links.parseToken(url.split('/accept/')[1]!)!;
    const handle = stack.server.client.workflow.getHandle(`agreement-onboarding-${request.dealId}`);
    expect(target.runId).toBe((await handle.describe()).runId);
  });

  test('can name another signatory, but not another deal', async () => {
    const request = attestedRequest();
    const path = await startAndDecline(request);
    const other = await gateway.post(`${path}/restart`, attestedRequest());
    expect(other).toMatchObject({ status: 400, body: { errors: [{ pointer: '/dealId' }] } });

    const again = await gateway.post(`${path}/restart`, {
      ...request,
      attestation: { ...contoso, signatoryFirstName: 'Jane' },
    });

    expect(again).toMatchObject({ status: 202, body: { attempt: 2 } });
    await untilStatus(path, 'awaitingAcceptance');
    const created = await stack.control.journal('createAttestation');
    expect(created.at(-1)!.body).toMatchObject({ signatoryFirstName: 'Jane' });
  });

  test('is refused while the onboarding is open, and of two at the same time one succeeds', async () => {
    const request = attestedRequest();
    const open = await gateway.post(`${await startInvited()}/restart`);
    expect([open.status, getProblemKind(open), open.body['onboardingStatus']]).toEqual([
      409,
      'still-open',
      'awaitingAcceptance',
    ]);

    const path = await startAndDecline(request);
    const both = await Promise.all([gateway.post(`${path}/restart`), gateway.post(`${path}/restart`)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([202, 409]);
  });

  test('is possible after the run was terminated', async () => {
    const request = attestedRequest();
    const path = await startInvited(request);
    await stack.server.client.workflow.getHandle(`agreement-onboarding-${request.dealId}`).terminate('by hand');

    expect(await gateway.post(`${path}/restart`)).toMatchObject({ status: 202, body: { attempt: 2 } });
  });
});

test('the primary contact method can be started where it is allowed, and has no link', async () => {
  const request = primaryContactRequest();
  await stack.control.faults({ on: 'createAgreement', customerId: request.customerId, times: 'always', status: 503 });

  const answer = await gateway.post('/v1/onboardings', request);

  expect(answer).toMatchObject({ status: 202, body: { status: 'creatingAgreement' } });
  expect(answer.body['acceptanceUrl']).toBeUndefined();
  const link = await gateway.post(`${answer.headers.get('location')}/link`);
  expect([link.status, getProblemKind(link)]).toEqual([409, 'nothing-to-accept']);
});

/** The bodies of the calls that require one, by their action. */
const bodies: Record<string, object> = { '/decline': { code: 'other' } };

/** Every call of the API that names an onboarding, with what follows its id. */
async function describedCalls(): Promise<{ method: string; action: string }[]> {
  const { paths } = (await gateway.get('/openapi.json')).body as { paths: Record<string, object> };
  const calls = Object.entries(paths).flatMap(([path, operations]) => {
    const action = path.split('/v1/onboardings/{id}')[1];
    return action === undefined
      ? []
      : Object.keys(operations).map((method) => ({ method: method.toUpperCase(), action }));
  });
  expect(calls.length).toBeGreaterThan(7);
  return calls;
}

test('a reseller can read, list and change only its own deals; those of others are not found', async () => {
  const own = { key: keys.fabrikam };
  const request = attestedRequest();
  const { headers } = await gateway.post('/v1/onboardings', request, own);
  const path = headers.get('location')!;
  await untilStatus(path, 'awaitingAcceptance');

  const unknown = await gateway.get('/v1/onboardings/litware:nothing', { key: keys.litware });
  for (const { method, action } of await describedCalls()) {
    const foreign = await gateway.send(method, `${path}${action}`, bodies[action], { key: keys.litware });
    expect([action, foreign.status, getProblemKind(foreign)]).toEqual([action, 404, 'onboarding-not-found']);
    expect(String(foreign.body['detail']).replace(`fabrikam:${request.dealId}`, 'litware:nothing')).toBe(
      unknown.body['detail'],
    );
  }
  expect((await gateway.get(path, own)).status).toBe(200);

  const listed = async (key: string, query = '') =>
    (await gateway.get(`/v1/onboardings${query}`, { key })).body['onboardings'] as {
      id: string;
      resellerId?: string;
    }[];
  await eventually(async () => (await listed(keys.fabrikam)).length > 0, { what: 'the deal to be listed' });
  expect(await listed(keys.litware)).toEqual([]);
  expect((await listed(keys.fabrikam)).map(({ id }) => id)).toEqual([`fabrikam:${request.dealId}`]);
  expect((await gateway.get('/v1/onboardings?resellerId=fabrikam', { key: keys.litware })).status).toBe(403);
  expect((await listed(keys.crm, '?resellerId=fabrikam')).map(({ id }) => id)).toEqual([`fabrikam:${request.dealId}`]);
});

describe('the list', () => {
  test('returns each onboarding once, page by page with an opaque cursor', async () => {
    const campaignId = `wave-${Date.now()}`;
    const requests = Array.from({ length: 5 }, () => attestedRequest({ campaignId }));
    for (const request of requests) await startDeal(request);
    const pageAt = (query: string) => gateway.get(`/v1/onboardings?campaignId=${campaignId}&${query}`);
    await eventually(async () => ((await pageAt('')).body['onboardings'] as unknown[]).length >= 5, {
      what: 'the deals to be listed',
    });

    const ids: string[] = [];
    let query = 'pageSize=2';
    for (let pages = 0; pages < 3; pages++) {
      const { status, body } = await pageAt(query);
      expect(status).toBe(200);
      ids.push(...(body['onboardings'] as { id: string }[]).map(({ id }) => id));
      query = `pageSize=2&cursor=${String(body['nextCursor'])}`;
      if (pages === 2) expect(body['nextCursor']).toBeUndefined();
    }
    expect(ids.toSorted()).toEqual(requests.map(({ dealId }) => dealId).toSorted());
  });

  test('can be filtered, and names every invalid parameter', async () => {
    const request = attestedRequest();
    await startInvited(request);
    const query = `customerId=${request.customerId.toUpperCase()}&status=awaitingAcceptance&startedAfter=2026-01-01`;
    const listedOnce = async () => {
      const { body } = await gateway.get(`/v1/onboardings?${query}`);
      const found = body['onboardings'] as { id: string }[];
      return found.length === 1 && found[0]!.id === request.dealId;
    };
    await eventually(listedOnce, { what: `${request.dealId} to be listed`, intervalMs: 50 });

    const faulty = await gateway.get('/v1/onboardings?status=lost&pageSize=0&startedAfter=soon&colour=red');
    expect(faulty.status).toBe(400);
    expect((faulty.body['errors'] as { parameter: string }[]).map(({ parameter }) => parameter).toSorted()).toEqual([
      'colour',
      'pageSize',
      'startedAfter',
      'status',
    ]);
    const cursor = await gateway.get('/v1/onboardings?cursor=bm90LW1pbmU');
    expect(cursor).toMatchObject({ status: 400, body: { errors: [{ parameter: 'cursor' }] } });
  });
});

test('every route answers 404 for a deal that was never started', async () => {
  for (const { method, action } of await describedCalls()) {
    const answer = await gateway.send(method, `/v1/onboardings/D-unknown${action}`, bodies[action]);
    expect([action, answer.status, getProblemKind(answer)]).toEqual([action, 404, 'onboarding-not-found']);
  }
});
