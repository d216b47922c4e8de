/** What goes wrong between us and Partner Center, on the real server with its real time between attempts. */
import { createActivities } from '../../src/activities';
import type { OnboardingRequest } from '../../src/onboarding/request';
import type { OnboardingResult, OnboardingView } from '../../src/onboarding/view';
import { createPartnerCenter, type PartnerCenter } from '../../src/partner-center';
import type { JournalEntry } from '../../simulator';
import { customerAcceptedSignal, retrySignal } from '../../src/workflows/messages';
import { attestedRequest } from '../support/requests';
import { type Handle, TestStack } from '../support/test-stack';

const CLIENT_TIMEOUT_MS = 2_000;
const PAGE = '<html><body><h1>Service Unavailable</h1></body></html>';

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'dev', simulator: true, partnerCenterTimeoutMs: CLIENT_TIMEOUT_MS });
});
afterAll(() => stack?.close());
beforeEach(() => stack.control.reset());

type Fault = Record<string, unknown>;

async function listCalls(operation: string): Promise<JournalEntry[]> {
  return (await stack.control.send('GET', `/simulator/journal?operation=${operation}`)) as JournalEntry[];
}

async function countAgreements(): Promise<number> {
  const { total } = (await stack.control.send('GET', '/simulator/agreements')) as { total: number };
  return total;
}

/** How many different values a header had over these calls. */
function countDistinct(calls: JournalEntry[], header: string): number {
  return new Set(calls.map(({ headers }) => headers[header])).size;
}

function countNeedsAttention({ history }: OnboardingView): number {
  return history.filter(({ status }) => status === 'needsAttention').length;
}

async function accept(handle: Handle): Promise<void> {
  await stack.untilStatus(handle, 'awaitingAcceptance');
  await stack.control.accept();
  await handle.signal(customerAcceptedSignal);
}

describe('while one worker runs', () => {
  let taskQueue: string;

  beforeAll(async () => {
    taskQueue = stack.newTaskQueue();
    await stack.startWorker({ taskQueue });
  });
  afterAll(() => stack.stopWorkers());

  async function onboard(...faults: Fault[]): Promise<OnboardingResult> {
    await stack.control.faults(...faults);
    const handle = await stack.startOnboarding(attestedRequest(), taskQueue);
    await accept(handle);
    return handle.result();
  }

  describe('Create Agreement is repeated and creates one agreement after', () => {
    const unprocessed: [name: string, fault: Fault][] = [
      ['a 503', { status: 503 }],
      ['a page instead of JSON, as an error', { status: 502, body: PAGE }],
      ['a page instead of JSON, as a success', { status: 200, body: PAGE }],
      [
        'truncated JSON',
        { status: 201, body: '{"agreementLink": "htt', headers: { 'content-type': 'application/json' } },
      ],
      ['a success with an empty body', { status: 201 }],
      ['no answer within the client’s time', { effect: 'hang' }],
      ['a reset connection', { effect: 'reset' }],
    ];
    test.each(unprocessed)('%s', async (_name, fault) => {
      expect(await onboard({ on: 'createAgreement', ...fault })).toMatchObject({
        outcome: 'agreementCreated',
        createdBy: 'thisOnboarding',
      });

      const calls = await listCalls('createAgreement');
      expect(calls).toHaveLength(2);
      expect(countDistinct(calls, 'ms-requestid')).toBe(1);
      expect(await countAgreements()).toBe(1);
    });
  });

  describe('an agreement whose answer was lost is not created twice after', () => {
    const answersLost: [name: string, fault: Fault][] = [
      ['a lost answer', { effect: 'loseAnswer' }],
      ['an answer that never comes', { effect: 'loseAnswerHang' }],
      ['a success cut in the middle', { effect: 'truncate' }],
      ['a success with an empty body', { effect: 'loseAnswer', status: 201 }],
      ['a page in place of the success', { effect: 'loseAnswer', status: 504, body: PAGE }],
    ];
    test.each(answersLost)('%s', async (_name, fault) => {
      expect(await onboard({ on: 'createAgreement', ...fault })).toMatchObject({
        outcome: 'agreementCreated',
        createdBy: 'thisOnboarding',
      });

      const calls = await listCalls('createAgreement');
      expect(calls).toHaveLength(2);
      expect(countDistinct(calls, 'ms-requestid')).toBe(1);
      expect(await countAgreements()).toBe(1);
    });

    test('a lost answer, and its creator is unknown while the activity log lags', async () => {
      await stack.control.switches({ auditDelayMs: 3_600_000 });

      expect(await onboard({ on: 'createAgreement', effect: 'loseAnswer' })).toMatchObject({
        outcome: 'agreementAlreadyExists',
        createdBy: 'unknown',
      });
      expect(await countAgreements()).toBe(1);
    });

    test('a lost answer that Partner Center replays by its request id', async () => {
      await stack.control.switches({ requestIdReplay: 'replay' });

      expect(await onboard({ on: 'createAgreement', effect: 'loseAnswer' })).toMatchObject({
        outcome: 'agreementCreated',
        createdBy: 'thisOnboarding',
      });
      expect(await countAgreements()).toBe(1);
    });
  });

  describe('Create Attestation is repeated after', () => {
    const faults: [name: string, fault: Fault][] = [
      ['a 503', { status: 503 }],
      ['a page instead of JSON', { status: 200, body: PAGE }],
      ['a success without its id', { status: 201, body: {} }],
      ['no answer within the client’s time', { effect: 'hang' }],
      ['a lost answer', { effect: 'loseAnswer' }],
    ];
    test.each(faults)('%s', async (_name, fault) => {
      expect(await onboard({ on: 'createAttestation', ...fault })).toMatchObject({ outcome: 'agreementCreated' });

      const calls = await listCalls('createAttestation');
      expect(calls).toHaveLength(2);
      expect(countDistinct(calls, 'ms-requestid')).toBe(1);
    });
  });

  test.each([
    ['seconds', () => 3],
    ['a date', () => new Date(Date.now() + 4_000).toUTCString()],
  ])('a 429 is obeyed: no attempt before the end of its Retry-After in %s', async (_form, retryAfter) => {
    const handle = await stack.startOnboarding(attestedRequest(), taskQueue);
    await stack.untilStatus(handle, 'awaitingAcceptance');
    const wait = retryAfter();
    await stack.control.faults({ on: 'createAgreement', retryAfter: wait });
    await accept(handle);

    expect(await handle.result()).toMatchObject({ outcome: 'agreementCreated', createdBy: 'thisOnboarding' });

    const [first, second, ...further] = await listCalls('createAgreement');
    expect(further).toEqual([]);
    const allowedAt = typeof wait === 'number' ? Date.parse(first!.at) + wait * 1_000 : Date.parse(wait);
    expect(Date.parse(second!.at)).toBeGreaterThanOrEqual(allowedAt);
  });

  test('a revoked token causes one new token and one more call under the same request id', async () => {
    const handle = await stack.startOnboarding(attestedRequest(), taskQueue);
    await stack.untilStatus(handle, 'awaitingAcceptance');
    const tokensBefore = (await listCalls('token')).length;
    await stack.control.revokeTokens();
    await accept(handle);

    expect(await handle.result()).toMatchObject({ outcome: 'agreementCreated', createdBy: 'thisOnboarding' });

    const calls = await listCalls('createAgreement');
    expect(calls.map(({ status }) => status)).toEqual([401, 201]);
    expect(countDistinct(calls, 'ms-requestid')).toBe(1);
    expect(countDistinct(calls, 'authorization')).toBe(2);
    expect(countDistinct(calls, 'ms-cv')).toBe(2);
    expect((await listCalls('token')).length - tokensBefore).toBe(1);
  });

  test('a short outage of Entra only delays the agreement', async () => {
    const handle = await stack.startOnboarding(attestedRequest(), taskQueue);
    await stack.untilStatus(handle, 'awaitingAcceptance');
    await stack.control.revokeTokens();
    await stack.control.faults({ on: 'token', status: 503 });
    await accept(handle);

    expect(await handle.result()).toMatchObject({ outcome: 'agreementCreated', createdBy: 'thisOnboarding' });

    expect((await listCalls('createAgreement')).map(({ status }) => status)).toEqual([401, 201]);
  });
});

describe('when the client secret has expired', () => {
  const NEW_SECRET = 'the-renewed-secret';
  const clients: PartnerCenter[] = [];

  afterEach(async () => {
    await stack.stopWorkers();
    for (const client of clients.splice(0)) client.close();
  });

  /** A worker that was started with this secret and has no token yet. */
  async function startWorkerWith(clientSecret: string, taskQueue: string): Promise<void> {
    const { url, credentials } = stack.simulator;
    const partnerCenter = createPartnerCenter({
      baseUrl: url,
      apiVersion: 'v1',
      timeoutMs: CLIENT_TIMEOUT_MS,
      credentials: {
        ...credentials,
        clientSecret,
        scope: 'https://api.partnercenter.microsoft.com/.default',
        tokenEndpoint: `${url}/${credentials.tenantId}/oauth2/v2.0/token`,
      },
    });
    clients.push(partnerCenter);
    const agreementSettings = {
      defaultTemplateId: '117a77b0-9360-443b-8795-c6dedc750cf9',
      allowPrimaryContactMethod: false,
    };
    await stack.startWorker({ taskQueue, activities: createActivities({ partnerCenter, agreementSettings }) });
  }

  async function startWithExpiredSecret(taskQueue: string, request: OnboardingRequest): Promise<Handle> {
    await stack.control.changeClientSecret(NEW_SECRET);
    await startWorkerWith(stack.simulator.credentials.clientSecret, taskQueue);
    const handle = await stack.startOnboarding(request, taskQueue);
    await stack.untilStatus(handle, 'needsAttention');
    return handle;
  }

  test('the onboarding needs attention for access, names Entra’s code, and has not called Partner Center', async () => {
    const handle = await startWithExpiredSecret(stack.newTaskQueue(), attestedRequest());

    expect(await stack.untilStatus(handle, 'needsAttention')).toMatchObject({
      attentionReason: 'access',
      problem: { type: 'TokenRefused', status: 401, code: 'invalid_client', errorName: 'AADSTS7000222' },
      nextRetryAt: expect.any(String) as string,
    });
    expect(await listCalls('token')).toHaveLength(1);
    expect(await listCalls('createAttestation')).toEqual([]);
    await handle.cancel();
  });

  test('after a retry within a minute it needs attention again, without another request to Entra', async () => {
    const handle = await startWithExpiredSecret(stack.newTaskQueue(), attestedRequest());

    await handle.signal(retrySignal);

    await stack.until(handle, (view) => view.status === 'needsAttention' && countNeedsAttention(view) === 2);
    expect(await listCalls('token')).toHaveLength(1);
    await handle.cancel();
  });

  test('a worker with the new secret and a retry take the onboarding to its agreement', async () => {
    const taskQueue = stack.newTaskQueue();
    const handle = await startWithExpiredSecret(taskQueue, attestedRequest());

    await stack.stopWorkers();
    await startWorkerWith(NEW_SECRET, taskQueue);
    await handle.signal(retrySignal);
    await accept(handle);

    expect(await handle.result()).toMatchObject({ outcome: 'agreementCreated', createdBy: 'thisOnboarding' });
    expect(await listCalls('createAttestation')).toHaveLength(1);
    expect(await listCalls('createAgreement')).toHaveLength(1);
  });
});
