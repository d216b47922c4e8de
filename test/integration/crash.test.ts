/** Workers that die and workers that are told to stop, as processes of their own. */
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
  await eventually(isSo, { what, timeoutMs: 30_000 });
}

async function invited(handle: Handle): Promise<void> {
  const { attestation } = await stack.untilStatus(handle, 'awaitingAcceptance');
  await stack.control.accept(attestation!.id);
}

/** Starts a deal whose customer accepts while the simulator deals with Create Agreement as told. */
async function acceptedDeal(taskQueue: string, effect: Record<string, unknown>, ...others: Record<string, unknown>[]) {
  const request = attestedRequest();
  await stack.control.faults({ on: 'createAgreement', customerId: request.customerId, ...effect }, ...others);
  const handle = await stack.startOnboarding(request, taskQueue);
  await invited(handle);
  await handle.signal(customerAcceptedSignal);
  await until('Create Agreement is under way', async () => (await callsFor(request.customerId)).length > 0);
  return { handle, customerId: request.customerId };
}

describe('a worker that is killed with -9 and started again', () => {
  let waiting: Handle;
  let unsent: { handle: Handle; customerId: string };
  let unheard: { handle: Handle; customerId: string };
  let lookedUp: { handle: Handle; customerId: string };

  beforeAll(async () => {
    const taskQueue = stack.newTaskQueue();
    const environment = { TEMPORAL_TASK_QUEUE: taskQueue };
    const worker = await stack.startWorkerProcess(environment);

    waiting = await stack.startOnboarding(attestedRequest(), taskQueue);
    await invited(waiting);
    unsent = await acceptedDeal(taskQueue, { effect: 'hang' });
    unheard = await acceptedDeal(taskQueue, { effect: 'loseAnswerHang' });
    await until('the agreement is there', async () => unheard.customerId in (await agreements()).customers);
    lookedUp = await acceptedDeal(taskQueue, { effect: 'loseAnswer' }, { on: 'auditRecords', effect: 'hang' });
    await until('its record is looked for', async () => (await stack.control.journal('auditRecords')).length > 0);

    await worker.kill('SIGKILL');
    await waiting.signal(customerAcceptedSignal);
    await stack.startWorkerProcess(environment);
  });

  test('goes on with an acceptance that came while no worker ran', async () => {
    expect(await waiting.result()).toMatchObject({ outcome: 'agreementCreated', createdBy: 'thisOnboarding' });
  });

  test('sends a call again that Partner Center never carried out', async () => {
    expect(await unsent.handle.result()).toMatchObject({ outcome: 'agreementCreated', createdBy: 'thisOnboarding' });
    expect(await callsFor(unsent.customerId)).toHaveLength(2);
  });

  test('knows an agreement as its own although its answer was never heard', async () => {
    expect(await unheard.handle.result()).toMatchObject({ outcome: 'agreementCreated', createdBy: 'thisOnboarding' });
  });

  test('asks again under the same request id, by which Partner Center tells a repetition', async () => {
    await unheard.handle.result();

    const calls = await callsFor(unheard.customerId);

    expect(calls).toHaveLength(2);
    expect(new Set(calls.map(({ headers }) => headers['ms-requestid'])).size).toBe(1);
  });

  test('looks for a lost answer again as soon as its worker is missed', async () => {
    expect(await lookedUp.handle.result()).toMatchObject({ outcome: 'agreementCreated', createdBy: 'thisOnboarding' });

    const { events } = await lookedUp.handle.fetchHistory();
    const failures = events?.map((event) => event.activityTaskStartedEventAttributes?.lastFailure) ?? [];
    const [missed] = failures.flatMap((failure) => failure?.timeoutFailureInfo ?? []);
    expect(missed?.timeoutType).toBe(TIMEOUT_TYPE_HEARTBEAT);
  });

  test('creates exactly one agreement for each customer', async () => {
    await Promise.all([waiting, unsent.handle, unheard.handle, lookedUp.handle].map((handle) => handle.result()));

    const { customers, createdTwice } = await agreements();

    expect(createdTwice).toEqual([]);
    expect(customers[unsent.customerId]).toHaveLength(1);
    expect(customers[unheard.customerId]).toHaveLength(1);
    expect(customers[lookedUp.customerId]).toHaveLength(1);
  });
});

describe('a worker that is told to stop during a slow call', () => {
  let stopped: ProcessEnd;
  let readiness: number[];
  let deal: { handle: Handle; customerId: string };

  beforeAll(async () => {
    const taskQueue = stack.newTaskQueue();
    const environment = { TEMPORAL_TASK_QUEUE: taskQueue };
    const worker = await stack.startWorkerProcess(environment);
    deal = await acceptedDeal(taskQueue, { delayMs: 5_000 });

    const ending = worker.kill('SIGTERM');
    // Asked as a load balancer would: until the worker says that it wants no more work.
    await until('not ready', async () => (await fetch(`${worker.health}/readyz`)).status === 503);
    readiness = await Promise.all(
      ['readyz', 'healthz'].map(async (path) => (await fetch(`${worker.health}/${path}`)).status),
    );
    stopped = await ending;
    await stack.startWorkerProcess(environment);
  });

  test('says meanwhile that it lives but takes no more work', () => {
    expect(readiness).toEqual([503, 200]);
  });

  test('ends by itself with 0', () => {
    expect(stopped).toMatchObject({ code: 0, signal: null });
    expect(stopped.stderr).toContain('Worker drained');
  });

  test('lets the call end and keeps its answer, so that the next worker does not call again', async () => {
    expect(await deal.handle.result()).toMatchObject({ outcome: 'agreementCreated', createdBy: 'thisOnboarding' });
    expect(await callsFor(deal.customerId)).toHaveLength(1);
  });
});
