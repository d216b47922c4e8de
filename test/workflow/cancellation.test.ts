import { CancelledFailure, type WorkflowFailedError } from '@temporalio/client';
import { customerAcceptedSignal } from '../../src/workflows/messages';
import { attestedRequest } from '../support/requests';
import { type Handle, TestStack } from '../support/test-stack';

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'dev', partnerCenterTimeoutMs: 20_000, worker: true });
});
afterAll(() => stack?.close());
beforeEach(() => stack.control.reset());

async function accepted(handle: Handle): Promise<void> {
  await stack.untilStatus(handle, 'awaitingAcceptance');
  await stack.control.accept();
  await handle.signal(customerAcceptedSignal);
  await stack.untilStatus(handle, 'creatingAgreement');
}

async function expectCancelled(handle: Handle): Promise<void> {
  const error = await handle.result().then(
    () => new Error('the run completed'),
    (reason: unknown) => reason,
  );
  expect((error as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
  expect((await handle.describe()).status.name).toBe('CANCELLED');
}

/** Waits until the simulator has received the call; slow calls enter the journal when they arrive. */
async function waitForCallInProgress(handle: Handle): Promise<void> {
  for (;;) {
    const { raw } = await handle.describe();
    if (raw.pendingActivities?.some(({ state }) => state === 2)) return; // 2: started
  }
}

test('while the attestation is created, the run closes as cancelled', async () => {
  await stack.control.faults({ on: 'createAttestation', effect: 'hang' });
  const handle = await stack.startOnboarding(attestedRequest());
  await waitForCallInProgress(handle);
  await handle.cancel();
  await expectCancelled(handle);
  expect(await stack.untilStatus(handle, 'cancelled')).not.toHaveProperty('agreementMayExist');
});

test('while waiting for the customer, the run closes as cancelled', async () => {
  const handle = await stack.startOnboarding(attestedRequest());
  await stack.untilStatus(handle, 'awaitingAcceptance');
  await handle.cancel();
  await expectCancelled(handle);
  const view = await stack.untilStatus(handle, 'cancelled');
  expect(view.completedAt).toBeDefined();
  expect(view).not.toHaveProperty('agreementMayExist');
});

test('while waiting for an operator, the run closes as cancelled', async () => {
  await stack.control.faults({ on: 'createAttestation', status: 403 });
  const handle = await stack.startOnboarding(attestedRequest());
  await stack.untilStatus(handle, 'needsAttention');
  await handle.cancel();
  await expectCancelled(handle);
});

test('a Create Agreement call in progress is awaited, and its answer decides the outcome', async () => {
  // Slower than the first heartbeat, so that the activity certainly receives the cancellation.
  await stack.control.faults({ on: 'createAgreement', delayMs: 7_000 });
  const handle = await stack.startOnboarding(attestedRequest());
  await accepted(handle);
  await waitForCallInProgress(handle);
  await handle.cancel();
  await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated' });
});

test('when the answer is lost but the activity log has the agreement, the run ends as agreementCreated', async () => {
  await stack.control.faults({ on: 'createAgreement', delayMs: 4_000, effect: 'loseAnswer' });
  const handle = await stack.startOnboarding(attestedRequest());
  await accepted(handle);
  await waitForCallInProgress(handle);
  await handle.cancel();
  await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated', createdBy: 'thisOnboarding' });
});

test('when the answer is lost, the run is cancelled and the view says that an agreement may exist', async () => {
  await stack.control.switches({ auditDelayMs: 3_600_000 });
  await stack.control.faults({ on: 'createAgreement', delayMs: 4_000, effect: 'loseAnswer' });
  const handle = await stack.startOnboarding(attestedRequest());
  await accepted(handle);
  await waitForCallInProgress(handle);
  await handle.cancel();
  await expectCancelled(handle);
  expect(await stack.untilStatus(handle, 'cancelled')).toMatchObject({ agreementMayExist: true });
  expect(await stack.control.journal('createAgreement')).toHaveLength(1);
});

test('when the answer is a refusal, the run is cancelled and no agreement exists', async () => {
  await stack.control.faults({ on: 'createAgreement', delayMs: 4_000, status: 403 });
  const handle = await stack.startOnboarding(attestedRequest());
  await accepted(handle);
  await waitForCallInProgress(handle);
  await handle.cancel();
  await expectCancelled(handle);
  expect(await stack.untilStatus(handle, 'cancelled')).not.toHaveProperty('agreementMayExist');
});

test('between two attempts after a 503 the view says that an agreement may exist', async () => {
  await stack.control.faults({ on: 'createAgreement', status: 503, times: 'always' });
  const handle = await stack.startOnboarding(attestedRequest());
  await accepted(handle);
  await stack.until(handle, () => true);
  for (;;) {
    const { raw } = await handle.describe();
    if (raw.pendingActivities?.some(({ attempt, state }) => Number(attempt) > 1 && state === 1)) break; // 1: scheduled
  }
  await handle.cancel();
  await expectCancelled(handle);
  expect(await stack.untilStatus(handle, 'cancelled')).toMatchObject({ agreementMayExist: true });
});
