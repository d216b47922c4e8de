/** An acceptance, the end of the link, a cancellation and the server's clock, in every order. */
import { CancelledFailure, WorkflowUpdateFailedError } from '@temporalio/client';
import type { Acceptance } from '../../../src/onboarding/acceptance';
import type { OnboardingResult } from '../../../src/onboarding/view';
import { reportAcceptance } from '../../../src/client/messages';
import { parseWorkflowId } from '../../../src/onboarding/ids';
import { customerAcceptedSignal, recordAcceptanceUpdate } from '../../../src/workflows/messages';
import { eventually } from '../../support/eventually';
import { attestedRequest } from '../../support/requests';
import { type Handle, TestStack } from '../../support/test-stack';

// temporal.api.enums.v1.EventType
const TASK_COMPLETED = 7;
const ACTIVITY_COMPLETED = 12;
const TIMER_FIRED = 18;
const CANCEL_REQUESTED = 20;

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

let stack: TestStack;
let taskQueue: string;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'timeSkipping', simulator: true });
});
afterAll(() => stack?.close());
beforeEach(async () => {
  await stack.control.reset();
  taskQueue = stack.newTaskQueue();
  await startWorker();
});
afterEach(() => stack.stopWorkers());

/** Without a cache, so that no sticky queue stays behind that would hold a run back from the next worker. */
function startWorker(): Promise<unknown> {
  return stack.startWorker({ taskQueue, maxCachedWorkflows: 0, shutdownGraceTime: '10s' });
}

async function startInvited(): Promise<{ handle: Handle; acceptBy: number }> {
  const handle = await stack.startOnboarding(attestedRequest({ attestation: { expirationInMinutes: 5 } }), taskQueue);
  const { acceptBy } = await stack.untilStatus(handle, 'awaitingAcceptance');
  await stack.control.accept();
  return { handle, acceptBy: Date.parse(acceptBy!) };
}

/** Lets the clock run while no worker does; waiting in the SDK's own way would wait for the task too. */
async function waitForTimer(handle: Handle): Promise<void> {
  const testService = stack.server.connection.testService!;
  await testService.unlockTimeSkipping({});
  try {
    const hasFired = async () => {
      const { events } = await handle.fetchHistory();
      return (events ?? []).some(({ eventType }) => eventType === TIMER_FIRED);
    };
    await eventually(hasFired, { what: 'the timer to fire' });
  } finally {
    await testService.lockTimeSkipping({});
  }
}

describe('an acceptance that reaches the run in one task with the end of its link', () => {
  type Stamp = (acceptBy: number) => Acceptance;
  const unstamped: Stamp = () => ({});
  const before: Stamp = (acceptBy) => ({ acceptedAt: new Date(acceptBy - 1).toISOString() });
  const atTheEnd: Stamp = (acceptBy) => ({ acceptedAt: new Date(acceptBy).toISOString() });
  const after: Stamp = (acceptBy) => ({ acceptedAt: new Date(acceptBy + 1).toISOString() });

  test.each<[string, 'signal' | 'update', Stamp, OnboardingResult['outcome']]>([
    ['a signal, unstamped', 'signal', unstamped, 'agreementCreated'],
    ['a signal, stamped before the end', 'signal', before, 'agreementCreated'],
    ['a signal, stamped at the end', 'signal', atTheEnd, 'agreementCreated'],
    ['a signal, stamped after the end', 'signal', after, 'expired'],
    ['an update, unstamped', 'update', unstamped, 'agreementCreated'],
    ['an update, stamped after the end', 'update', after, 'expired'],
  ])('%s', async (_name, kind, stamp, outcome) => {
    const { handle, acceptBy } = await startInvited();
    await stack.stopWorkers();

    await waitForTimer(handle); // first: a signal that waits for a worker stops this server's clock
    if (kind === 'signal') await handle.signal(customerAcceptedSignal, stamp(acceptBy));
    const reply =
      kind === 'update'
        ? handle.executeUpdate(recordAcceptanceUpdate, { args: [stamp(acceptBy)] }).catch((error: unknown) => error)
        : undefined;
    await startWorker();

    expect(await handle.result()).toMatchObject({ outcome });
    if (outcome === 'expired' && reply !== undefined) expect(await reply).toBeInstanceOf(WorkflowUpdateFailedError);
    expect(await stack.control.journal('createAgreement')).toHaveLength(outcome === 'expired' ? 0 : 1);
  });

  test('after the run has ended, an acceptance is answered with notOpen', async () => {
    const { handle } = await startInvited();
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'expired' });

    const reply = await reportAcceptance(stack.server.client, parseWorkflowId(handle.workflowId), {});
    expect(reply).toEqual({ outcome: 'notOpen' });
  });
});

describe('a cancellation', () => {
  async function expectCancelled(handle: Handle): Promise<void> {
    await expect(handle.result()).rejects.toMatchObject({ cause: expect.any(CancelledFailure) as CancelledFailure });
  }

  test('in one task with the acceptance ends the run before Partner Center is called', async () => {
    const { handle } = await startInvited();
    await stack.stopWorkers();
    await handle.signal(customerAcceptedSignal);
    await handle.cancel();
    await startWorker();

    await expectCancelled(handle);
    expect(await stack.control.journal('createAgreement')).toEqual([]);
    expect(await stack.untilStatus(handle, 'cancelled')).not.toHaveProperty('agreementMayExist');
  });

  test('in one task with Partner Center’s answer comes too late', async () => {
    const { handle } = await startInvited();
    await stack.control.faults({ on: 'createAgreement', delayMs: 1_000 });
    await handle.signal(customerAcceptedSignal);
    await stack.control.waitForCalls('createAgreement', 1);
    await stack.stopWorkers(); // waits for the call, and takes no further task
    await handle.cancel();
    const { events } = await handle.fetchHistory();
    const sinceTheAnswer = events!.slice(events!.findLastIndex(({ eventType }) => eventType === ACTIVITY_COMPLETED));
    expect(sinceTheAnswer.at(-1)).toMatchObject({ eventType: CANCEL_REQUESTED });
    expect(sinceTheAnswer.filter(({ eventType }) => eventType === TASK_COMPLETED)).toEqual([]);
    await startWorker();

    await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated', createdBy: 'thisOnboarding' });
  });
});

describe('the server’s clock is days ahead of the worker’s', () => {
  async function startInvitedAhead(): Promise<{ handle: Handle; now: number }> {
    await stack.advanceClock(3 * DAY);
    const now = await stack.server.currentTimeMs();
    expect(now - Date.now()).toBeGreaterThan(2 * DAY);
    const { handle } = await startInvited();
    return { handle, now };
  }

  test('the server’s clock decides when an attestation ends', async () => {
    const { handle, now } = await startInvitedAhead();
    const { attestation } = await stack.untilStatus(handle, 'awaitingAcceptance');
    const lifeMs = Date.parse(attestation!.expiresAt) - now;
    expect(lifeMs).toBeGreaterThanOrEqual(5 * MINUTE);
    expect(lifeMs).toBeLessThan(6 * MINUTE);
    await handle.terminate();
  });

  test('an acceptance stamped by a clock that is days behind counts from its receipt', async () => {
    const { handle } = await startInvitedAhead();
    const acceptedAt = new Date().toISOString();
    await handle.signal(customerAcceptedSignal, { acceptedAt });
    const result = await handle.result();
    const { createdAt, acceptance } = await stack.untilStatus(handle, 'agreementCreated');
    expect(acceptance).toMatchObject({ claimedAcceptedAt: acceptedAt });
    expect(result.dateAgreed! > createdAt).toBe(true);
  });
});
