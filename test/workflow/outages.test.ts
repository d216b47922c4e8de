import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import type { Acceptance } from '../../src/onboarding/acceptance';
import { customerAcceptedSignal } from '../../src/workflows/messages';
import { eventually } from '../support/eventually';
import { attestedRequest } from '../support/requests';
import { type Handle, TestStack, type WorkerSettings } from '../support/test-stack';

// temporal.api.enums.v1.EventType
const ACTIVITY_SCHEDULED = 10;
const ACTIVITY_TIMED_OUT = 14;
const TIMER_FIRED = 18;

const MAX_DEALS = 5;

let stack: TestStack;
let workflowsWithShortDurations: { code: string };

// The time-skipping server skips nothing while a task waits for a worker, so these tests shorten the workflow's
// durations.
beforeAll(async () => {
  stack = await TestStack.start({ server: 'dev', simulator: true });
  workflowsWithShortDurations = await bundleWorkflowCode({
    workflowsPath: require.resolve('../../src/workflows'),
    logger: new DefaultLogger('WARN'),
    webpackConfigHook: (config) => {
      const loader = require.resolve('../support/short-durations-loader.js');
      config.module!.rules!.push({ test: /workflows[/\\](calls|time)\.ts$/, enforce: 'pre', use: [{ loader }] });
      return config;
    },
  });
});
afterAll(() => stack?.close());
afterEach(() => stack.stopWorkers());

/** A worker without a cache leaves no sticky queue behind that would hold its runs back for ten seconds. */
function startWorker(taskQueue: string, options: WorkerSettings = {}): Promise<unknown> {
  return stack.startWorker({
    taskQueue,
    workflowBundle: workflowsWithShortDurations,
    maxCachedWorkflows: 0,
    ...options,
  });
}

async function count(handle: Handle, eventType: number): Promise<number> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).filter((event) => event.eventType === eventType).length;
}

async function untilHistoryHas(handle: Handle, eventType: number): Promise<void> {
  await eventually(async () => (await count(handle, eventType)) > 0, {
    what: `an event of type ${eventType}`,
    timeoutMs: 50_000,
    intervalMs: 100,
  });
}

/**
 * A deal whose customer was invited, after which the worker stops. On a busy machine the shortened five minutes may end
 * first; then another deal is tried.
 */
async function inviteThenStopWorker(taskQueue: string): Promise<{ handle: Handle; acceptBy: string }> {
  for (let deals = 1; ; deals += 1) {
    await startWorker(taskQueue);
    const handle = await stack.startOnboarding(attestedRequest({ attestation: { expirationInMinutes: 5 } }), taskQueue);
    const { status, acceptBy } = await stack.until(handle, ({ acceptBy: end }) => end !== undefined);
    if (status === 'awaitingAcceptance') await stack.control.accept();
    await stack.stopWorkers();
    const isOpen = (await handle.describe()).status.name === 'RUNNING';
    if (isOpen) return { handle, acceptBy: acceptBy! };
    if (deals === MAX_DEALS) throw new Error(`${deals} deals in a row were over before their worker had stopped`);
  }
}

describe('no worker runs across the deadline', () => {
  async function acceptDuringOutage(acceptanceAt: (acceptBy: number) => Acceptance | undefined) {
    const taskQueue = stack.newTaskQueue();
    const { handle, acceptBy } = await inviteThenStopWorker(taskQueue);

    await handle.signal(customerAcceptedSignal, acceptanceAt(Date.parse(acceptBy)));
    await untilHistoryHas(handle, TIMER_FIRED);
    await startWorker(taskQueue);
    return handle.result();
  }

  test('an acceptance that arrives together with the deadline wins', async () => {
    const result = await acceptDuringOutage(() => undefined);
    expect(result).toMatchObject({ outcome: 'agreementCreated' });
  });

  test('an acceptance stamped before the deadline counts', async () => {
    const at = (acceptBy: number) => ({ acceptedAt: new Date(acceptBy - 200).toISOString() });
    expect(await acceptDuringOutage(at)).toMatchObject({ outcome: 'agreementCreated' });
  });

  test('an acceptance stamped after the deadline does not count', async () => {
    const at = (acceptBy: number) => ({ acceptedAt: new Date(acceptBy + 200).toISOString() });
    expect(await acceptDuringOutage(at)).toMatchObject({ outcome: 'expired' });
  });
});

test('after a worker outage of more than 24 hours the call is scheduled again, without an operator', async () => {
  const taskQueue = stack.newTaskQueue();
  // This worker takes the tasks of workflows only, so that no worker takes the activity.
  await startWorker(taskQueue, { activities: {} });
  const handle = await stack.startOnboarding(attestedRequest({ attestation: { expirationInMinutes: 60 } }), taskQueue);
  await untilHistoryHas(handle, ACTIVITY_TIMED_OUT);
  await stack.stopWorkers();
  await startWorker(taskQueue);

  const view = await stack.untilStatus(handle, 'awaitingAcceptance');
  expect(view.history.map(({ status }) => status)).toEqual(['creatingAttestation', 'awaitingAcceptance']);
  expect(await count(handle, ACTIVITY_SCHEDULED)).toBeGreaterThan(1);
  await stack.control.accept();
  await handle.signal(customerAcceptedSignal);
  await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated', createdBy: 'thisOnboarding' });
});
