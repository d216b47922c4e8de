/** Worker processes that are killed, and worker processes that get SIGTERM. */
import { customerAcceptedSignal } from '../../src/workflows/messages';
import { eventually } from '../support/eventually';
import { attestedRequest } from '../support/requests';
import { type Handle, TestStack } from '../support/test-stack';
import type { ProcessEnd } from '../support/built-process';

const TIMEOUT_TYPE_HEARTBEAT = 4;

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'dev', simulator: true });
});
afterAll(() => stack?.close());

interface Agreements {
  customers: Record<string, { attestationId: string }[]>;
  createdTwice: string[];
}

async function agreements(): Promise<Agreements> {
  return (await stack.control.send('GET', '/simulator/agreements')) as Agreements;
}

async function callsFor(customerId: string) {
  const calls = await stack.control.journal('createAgreement');
  return calls.filter(({ path }) => path.includes(customerId));
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  await eventually(isSo, { what });
}

async function acceptWhenInvited(handle: Handle): Promise<void> {
  const { attestation } = await stack.untilStatus(handle, 'awaitingAcceptance');
  await stack.control.accept(attestation!.id);
}

/** Starts a deal whose customer accepts while the simulator answers Create Agreement with these faults. */
async function startAcceptedDeal(
  taskQueue: string,
  effect: Record<string, unknown>,
  ...others: Record<string, unknown>[]
) {
  const request = attestedRequest();
  await stack.control.faults({ on: 'createAgreement', customerId: request.customerId, ...effect }, ...others);
  const handle = await stack.startOnboarding(request, taskQueue);
  await acceptWhenInvited(handle);
  await handle.signal(customerAcceptedSignal);
  await until('Create Agreement is in progress', async () => (await callsFor(request.customerId)).length > 0);
  return { handle, customerId: request.customerId };
}

describe('a worker that is killed with -9 and started again', () => {
  let waiting: Handle;
  let unsent: { handle: Handle; customerId: string };
  let answerLost: { handle: Handle; customerId: string };
  let lookedUp: { handle: Handle; customerId: string };

  beforeAll(async () => {
    const taskQueue = stack.newTaskQueue();
    const environment = { TEMPORAL_TASK_QUEUE: taskQueue };
    const worker = await stack.startWorkerProcess(environment);

    waiting = await stack.startOnboarding(attestedRequest(), taskQueue);
    await acceptWhenInvited(waiting);
    unsent = await startAcceptedDeal(taskQueue, { effect: 'hang' });
    answerLost = await startAcceptedDeal(taskQueue, { effect: 'loseAnswerHang' });
    await until('the agreement is there', async () => answerLost.customerId in (await agreements()).customers);
    lookedUp = await startAcceptedDeal(taskQueue, { effect: 'loseAnswer' }, { on: 'auditRecords', effect: 'hang' });
    await until('its record is looked for', async () => (await stack.control.journal('auditRecords')).length > 0);

    await worker.kill('SIGKILL');
    await waiting.signal(customerAcceptedSignal);
    await stack.startWorkerProcess(environment);
  });

  test('processes an acceptance that arrived while no worker ran', async () => {
    expect(await waiting.result()).toMatchObject({ outcome: 'agreementCreated', createdBy: 'thisOnboarding' });
  });

  test('repeats a call that Partner Center never carried out', async () => {
    expect(await unsent.handle.result()).toMatchObject({ outcome: 'agreementCreated', createdBy: 'thisOnboarding' });
    expect(await callsFor(unsent.customerId)).toHaveLength(2);
  });

  test('recognises its own agreement although the answer was lost', async () => {
    expect(await answerLost.handle.result()).toMatchObject({
      outcome: 'agreementCreated',
      createdBy: 'thisOnboarding',
    });
  });

  test('repeats a call under the same request id, by which Partner Center recognises it', async () => {
    await answerLost.handle.result();

    const calls = await callsFor(answerLost.customerId);

    expect(calls).toHaveLength(2);
    expect(new Set(calls.map(({ headers }) => headers['ms-requestid'])).size).toBe(1);
  });

  test('repeats the search for a lost answer as soon as the heartbeat times out', async () => {
    expect(await lookedUp.handle.result()).toMatchObject({ outcome: 'agreementCreated', createdBy: 'thisOnboarding' });

    const { events } = await lookedUp.handle.fetchHistory();
    const failures = events?.map((event) => event.activityTaskStartedEventAttributes?.lastFailure) ?? [];
    const [missed] = failures.flatMap((failure) => failure?.timeoutFailureInfo ?? []);
    expect(missed?.timeoutType).toBe(TIMEOUT_TYPE_HEARTBEAT);
  });

  test('creates exactly one agreement for each customer', async () => {
    await Promise.all([waiting, unsent.handle, answerLost.handle, lookedUp.handle].map((handle) => handle.result()));

    const { customers, createdTwice } = await agreements();

    expect(createdTwice).toEqual([]);
    expect(customers[unsent.customerId]).toHaveLength(1);
    expect(customers[answerLost.customerId]).toHaveLength(1);
    expect(customers[lookedUp.customerId]).toHaveLength(1);
  });
});

describe('a worker that gets SIGTERM during a slow call', () => {
  let stopped: ProcessEnd;
  let readiness: number[];
  let deal: { handle: Handle; customerId: string };

  beforeAll(async () => {
    const taskQueue = stack.newTaskQueue();
    const environment = { TEMPORAL_TASK_QUEUE: taskQueue };
    const worker = await stack.startWorkerProcess(environment);
    deal = await startAcceptedDeal(taskQueue, { delayMs: 5_000 });

    const ending = worker.kill('SIGTERM');
    // Polls as a load balancer would, until the worker reports that it takes no more work.
    await until('not ready', async () => (await fetch(`${worker.health}/readyz`)).status === 503);
    readiness = await Promise.all(
      ['readyz', 'healthz'].map(async (path) => (await fetch(`${worker.health}/${path}`)).status),
    );
    stopped = await ending;
    await stack.startWorkerProcess(environment);
  });

  test('is healthy but not ready meanwhile', () => {
    expect(readiness).toEqual([503, 200]);
  });

  test('exits with 0', () => {
    expect(stopped).toMatchObject({ code: 0, signal: null });
    expect(stopped.stderr).toContain('Worker drained');
  });

  test('completes the call, so that the next worker does not repeat it', async () => {
    expect(await deal.handle.result()).toMatchObject({ outcome: 'agreementCreated', createdBy: 'thisOnboarding' });
    expect(await callsFor(deal.customerId)).toHaveLength(1);
  });
});
