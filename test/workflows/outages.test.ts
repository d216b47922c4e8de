import { setTimeout as pause } from 'node:timers/promises';
import type { Acceptance } from '../../src/onboarding/acceptance';
import { customerAcceptedSignal } from '../../src/workflows/messages';
import { attestedRequest } from '../support/requests';
import { type Handle, Stage } from '../support/stage';

const MINUTE = 60_000;

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.timeSkipping();
});
afterAll(() => stage?.close());
beforeEach(() => stage.control.reset());
afterEach(() => stage.stopWorkers());

async function eventTypes(handle: Handle): Promise<(string | null | undefined)[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).map(({ eventType }) => String(eventType));
}

const TIMER_FIRED = '12';
const ACTIVITY_SCHEDULED = '10';
const ACTIVITY_TIMED_OUT = '14';

/** Lets the server's clock run while no worker does, until the history holds the event. */
async function skipUntil(handle: Handle, eventType: string): Promise<void> {
  const testService = stage.env.connection.testService!;
  await testService.unlockTimeSkipping({});
  try {
    for (const deadline = Date.now() + 20_000; !(await eventTypes(handle)).includes(eventType);) {
      if (Date.now() > deadline) throw new Error(`No event ${eventType} in ${String(await eventTypes(handle))}`);
      await pause(50);
    }
  } finally {
    await testService.lockTimeSkipping({});
  }
}

describe('no worker runs across the deadline', () => {
  async function acceptedDuringTheOutage(stamp: (acceptBy: number) => Acceptance | undefined) {
    // Without a cache no sticky queue of the dead worker holds the run back.
    const taskQueue = stage.newTaskQueue();
    await stage.startWorker(taskQueue, { maxCachedWorkflows: 0 });
    const handle = await stage.start(taskQueue, attestedRequest({ attestation: { expirationInMinutes: 5 } }));
    const { acceptBy } = await stage.status(handle, 'awaitingAcceptance');
    await stage.control.accept();
    await stage.stopWorkers();

    const acceptance = stamp(Date.parse(acceptBy!));
    await handle.signal(customerAcceptedSignal, acceptance);
    await skipUntil(handle, TIMER_FIRED);
    await stage.startWorker(taskQueue);
    return handle.result();
  }

  test('an acceptance that came together with the deadline wins', async () => {
    const result = await acceptedDuringTheOutage(() => undefined);
    expect(result).toMatchObject({ outcome: 'agreementCreated' });
  });

  test('an acceptance stamped before the deadline counts', async () => {
    const result = await acceptedDuringTheOutage((acceptBy) => ({
      acceptedAt: new Date(acceptBy - 1000).toISOString(),
    }));
    expect(result).toMatchObject({ outcome: 'agreementCreated' });
  });

  test('one stamped after it does not', async () => {
    const result = await acceptedDuringTheOutage((acceptBy) => ({
      acceptedAt: new Date(acceptBy + 1000).toISOString(),
    }));
    expect(result).toMatchObject({ outcome: 'expired' });
  });
});

test('a worker outage of more than 24 hours bothers no human: the call is scheduled again', async () => {
  const taskQueue = stage.newTaskQueue();
  // This worker takes the workflow's tasks only, so that the activity finds nobody.
  await stage.startWorker(taskQueue, { activities: {}, maxCachedWorkflows: 0 });
  const handle = await stage.start(taskQueue, attestedRequest());
  await skipUntil(handle, ACTIVITY_TIMED_OUT);
  await stage.startWorker(taskQueue);
  const view = await stage.status(handle, 'awaitingAcceptance');
  expect(view.history.map(({ status }) => status)).toEqual(['creatingAttestation', 'awaitingAcceptance']);
  expect(Date.parse(view.history[1]!.at) - Date.parse(view.createdAt)).toBeGreaterThan(24 * 60 * MINUTE);
  expect((await eventTypes(handle)).filter((type) => type === ACTIVITY_SCHEDULED).length).toBeGreaterThan(1);
  await stage.control.accept();
  await handle.signal(customerAcceptedSignal);
  await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated', createdBy: 'thisOnboarding' });
});
