/** What an onboarding tells its CRM, and when. */
import { setTimeout as pause } from 'node:timers/promises';
import { toEventsTaskQueue } from '../../src/onboarding/delivery';
import type { AttestedRequest } from '../../src/onboarding/request';
import { customerAcceptedSignal, declineUpdate, retrySignal } from '../../src/workflows/messages';
import { CRM_SECRET, crmActivities, links, received, type ReceivedEvent, taken } from '../support/crm-events';
import { attestedRequest } from '../support/requests';
import { type Handle, Stage } from '../support/stage';

const MINUTE = 60_000;

let stage: Stage;
let taskQueue: string;

// A server for each test: after a run has ended with an abandoned child, the time-skipping server skips no more.
beforeEach(async () => {
  stage = await Stage.timeSkipping();
  taskQueue = stage.newTaskQueue();
  await stage.startWorker(taskQueue);
  await stage.startWorker(toEventsTaskQueue(taskQueue), { activities: crmActivities(stage) });
  await stage.control.switches({ crmSecret: CRM_SECRET });
});
afterEach(() => stage?.close());

function heard(overrides: Partial<Omit<AttestedRequest, 'attestation'>> = {}): AttestedRequest {
  return attestedRequest({
    callbackUrl: `${stage.simulator.url}/crm/events`,
    metadata: { owner: 'team-7' },
    ...overrides,
  });
}

async function invited(request = heard()): Promise<Handle> {
  const handle = await stage.start(taskQueue, request);
  await stage.status(handle, 'awaitingAcceptance');
  return handle;
}

async function untilTold(count: number): Promise<ReceivedEvent[]> {
  for (const deadline = Date.now() + 20_000; ; await pause(20)) {
    const events = await received(stage);
    if (events.length >= count) return events;
    if (Date.now() > deadline) throw new Error(`Only ${events.length} events came: ${steps(events).join(', ')}`);
  }
}

function steps(events: ReceivedEvent[]): string[] {
  return events.map(({ body }) => body.type.replace('onboarding.', ''));
}

test('a deal that goes well tells of the invitation, the acceptance and the agreement', async () => {
  const handle = await invited();
  await stage.control.accept();
  await handle.signal(customerAcceptedSignal);
  await handle.result();
  const events = await untilTold(3);
  expect(steps(events)).toEqual(['awaitingAcceptance', 'accepted', 'agreementCreated']);
  expect(events.every(({ verified }) => verified === true)).toBe(true);
  const [invitation, , created] = events;
  const { dealId } = await stage.status(handle, 'agreementCreated');
  expect(invitation!.body.data['acceptanceUrl']).toBe(
    links.urlOf({ onboardingId: dealId, runId: handle.firstExecutionRunId }),
  );
  expect(created!.body.data).toMatchObject({ status: 'agreementCreated', metadata: { owner: 'team-7' } });
});

test('reminders are told until the customer answers, and none after that', async () => {
  const handle = await invited(heard({ linkValidForMinutes: 60, remindAfterMinutes: [20, 40] }));
  await stage.after(25 * MINUTE);
  await untilTold(2);
  await stage.control.accept();
  await handle.signal(customerAcceptedSignal);
  await handle.result();
  expect(steps(await untilTold(4))).toEqual(['awaitingAcceptance', 'reminderDue', 'accepted', 'agreementCreated']);
});

test('a refused acceptance is told, and so is what needs a human', async () => {
  await stage.control.faults({ on: 'createAttestation', status: 400, body: { code: 1 } });
  const handle = await stage.start(taskQueue, heard());
  await stage.status(handle, 'needsAttention');
  await handle.signal(retrySignal);
  await stage.status(handle, 'awaitingAcceptance');
  await handle.signal(customerAcceptedSignal);
  await stage.after(2 * MINUTE);
  await untilTold(4);
  await handle.executeUpdate(declineUpdate, { args: [{ code: 'doesNotAccept' }] });
  await handle.result();
  expect(steps(await untilTold(5))).toEqual([
    'needsAttention',
    'awaitingAcceptance',
    'accepted',
    'acceptanceNotFound',
    'declined',
  ]);
});

test('lost access is our own affair', async () => {
  await stage.control.faults({ on: 'createAttestation', status: 403 });
  const handle = await stage.start(taskQueue, heard());
  await stage.status(handle, 'needsAttention');
  await stage.after(20 * MINUTE);
  await stage.status(handle, 'awaitingAcceptance');
  await handle.cancel();
  await expect(handle.result()).rejects.toThrow('cancelled');
  expect(steps(await untilTold(2))).toEqual(['awaitingAcceptance', 'cancelled']);
});

test('a CRM that is down delays neither the agreement nor the end of the run', async () => {
  await stage.control.faults({ on: 'crmEvent', status: 503 });
  const handle = await invited();
  await stage.control.accept();
  await handle.signal(customerAcceptedSignal);
  await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated' });
  await untilTold(4);
  expect(await taken(stage)).toEqual([1, 2, 3]);
});

test('a CRM that wanted no more is told no more', async () => {
  await stage.control.faults({ on: 'crmEvent', status: 410 });
  const handle = await invited();
  await untilTold(1);
  const delivery = stage.env.client.workflow.getHandle(`crm-delivery-${handle.firstExecutionRunId}`);
  await expect(delivery.result()).resolves.toMatchObject({ ended: 'gone' });
  await stage.control.accept();
  await handle.signal(customerAcceptedSignal);
  await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated' });
  expect(await received(stage)).toHaveLength(1);
});

test('a delivery that somebody has ended is begun again by the next event', async () => {
  const handle = await invited();
  await untilTold(1);
  await stage.env.client.workflow.getHandle(`crm-delivery-${handle.firstExecutionRunId}`).terminate();
  await stage.control.accept();
  await handle.signal(customerAcceptedSignal);
  await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated' });
  expect(steps(await untilTold(3))).toEqual(['awaitingAcceptance', 'accepted', 'agreementCreated']);
});
