/** Which events an onboarding sends to its CRM, and when. */
import { toEventsTaskQueue } from '../../src/onboarding/ids';
import type { AttestedRequest } from '../../src/onboarding/request';
import { customerAcceptedSignal, declineUpdate, retrySignal } from '../../src/workflows/messages';
import { eventually } from '../support/eventually';
import {
  CRM_SECRET,
  crmActivities,
  links,
  getReceivedEvents,
  type ReceivedEvent,
  listAcceptedSequences,
} from '../support/crm-events';
import { attestedRequest } from '../support/requests';
import { type Handle, TestStack } from '../support/test-stack';

const MINUTE = 60_000;

let stack: TestStack;

// A server for each test: after a run has ended with an abandoned child, the time-skipping server skips no more.
beforeEach(async () => {
  stack = await TestStack.start({ server: 'timeSkipping', worker: true });
  await stack.startWorker({ taskQueue: toEventsTaskQueue(stack.taskQueue), activities: crmActivities(stack) });
  await stack.control.switches({ crmSecret: CRM_SECRET });
});
afterEach(() => stack?.close());

function requestWithCallback(overrides: Partial<Omit<AttestedRequest, 'attestation'>> = {}): AttestedRequest {
  return attestedRequest({
    callbackUrl: `${stack.simulator.url}/crm/events`,
    metadata: { owner: 'team-7' },
    ...overrides,
  });
}

function invited(request = requestWithCallback()): Promise<Handle> {
  return stack.startInvited(request);
}

async function untilReceived(count: number): Promise<ReceivedEvent[]> {
  let events: ReceivedEvent[] = [];
  return eventually(
    async () => {
      events = await getReceivedEvents(stack);
      return events.length >= count && events;
    },
    { what: () => `${count} events, not only ${steps(events).join(', ')}` },
  );
}

function steps(events: ReceivedEvent[]): string[] {
  return events.map(({ body }) => body.type.replace('onboarding.', ''));
}

test('a deal that succeeds sends events of the invitation, the acceptance and the agreement', async () => {
  const handle = await invited();
  await stack.control.accept();
  await handle.signal(customerAcceptedSignal);
  await handle.result();
  const events = await untilReceived(3);
  expect(steps(events)).toEqual(['awaitingAcceptance', 'accepted', 'agreementCreated']);
  expect(events.every(({ verified }) => verified === true)).toBe(true);
  const [invitation, , created] = events;
  const { dealId } = await stack.untilStatus(handle, 'agreementCreated');
  expect(invitation!.body.data['acceptanceUrl']).toBe(
    links.getUrl({ onboardingId: dealId, runId: handle.firstExecutionRunId }),
  );
  expect(created!.body.data).toMatchObject({ status: 'agreementCreated', metadata: { owner: 'team-7' } });
});

test('reminders are sent until the customer decides, and none after that', async () => {
  const handle = await invited(requestWithCallback({ linkValidForMinutes: 60, remindAfterMinutes: [20, 40] }));
  await stack.advanceClock(25 * MINUTE);
  await untilReceived(2);
  await stack.control.accept();
  await handle.signal(customerAcceptedSignal);
  await handle.result();
  expect(steps(await untilReceived(4))).toEqual(['awaitingAcceptance', 'reminderDue', 'accepted', 'agreementCreated']);
});

test('a refused acceptance and a need for an operator are sent', async () => {
  await stack.control.faults({ on: 'createAttestation', status: 400, body: { code: 1 } });
  const handle = await stack.startOnboarding(requestWithCallback());
  await stack.untilStatus(handle, 'needsAttention');
  await handle.signal(retrySignal);
  await stack.untilStatus(handle, 'awaitingAcceptance');
  await handle.signal(customerAcceptedSignal);
  await stack.advanceClock(2 * MINUTE);
  await untilReceived(4);
  await handle.executeUpdate(declineUpdate, { args: [{ code: 'doesNotAccept' }] });
  await handle.result();
  expect(steps(await untilReceived(5))).toEqual([
    'needsAttention',
    'awaitingAcceptance',
    'accepted',
    'acceptanceNotFound',
    'declined',
  ]);
});

test('lost access sends no event', async () => {
  await stack.control.faults({ on: 'createAttestation', status: 403 });
  const handle = await stack.startOnboarding(requestWithCallback());
  await stack.untilStatus(handle, 'needsAttention');
  await stack.advanceClock(20 * MINUTE);
  await stack.untilStatus(handle, 'awaitingAcceptance');
  await handle.cancel();
  await expect(handle.result()).rejects.toThrow('cancelled');
  expect(steps(await untilReceived(2))).toEqual(['awaitingAcceptance', 'cancelled']);
});

test('a CRM that is down delays neither the agreement nor the end of the run', async () => {
  await stack.control.faults({ on: 'crmEvent', status: 503 });
  const handle = await invited();
  await stack.control.accept();
  await handle.signal(customerAcceptedSignal);
  await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated' });
  await untilReceived(4);
  expect(await listAcceptedSequences(stack)).toEqual([1, 2, 3]);
});

test('a CRM that answered 410 gets no more events', async () => {
  await stack.control.faults({ on: 'crmEvent', status: 410 });
  const handle = await invited();
  await untilReceived(1);
  const delivery = stack.server.client.workflow.getHandle(`crm-delivery-${handle.firstExecutionRunId}`);
  await expect(delivery.result()).resolves.toMatchObject({ ended: 'gone' });
  await stack.control.accept();
  await handle.signal(customerAcceptedSignal);
  await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated' });
  expect(await getReceivedEvents(stack)).toHaveLength(1);
});

test('the next event starts a terminated delivery again', async () => {
  const handle = await invited();
  await untilReceived(1);
  await stack.server.client.workflow.getHandle(`crm-delivery-${handle.firstExecutionRunId}`).terminate();
  await stack.control.accept();
  await handle.signal(customerAcceptedSignal);
  await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated' });
  expect(steps(await untilReceived(3))).toEqual(['awaitingAcceptance', 'accepted', 'agreementCreated']);
});
