/** Deliveries to a CRM that accepts events, refuses them, is down, or stops them, while hours and days pass. */
import { WorkflowFailedError } from '@temporalio/client';
import { createCrmActivities } from '../../src/activities/deliver-event';
import { type DeliveryOrder, type DeliveryStatus } from '../../src/onboarding/event-delivery';
import { toEventsTaskQueue } from '../../src/onboarding/ids';
import type { OnboardingEvent } from '../../src/onboarding/events';
import { AttentionReasonKey } from '../../src/temporal/search-attributes';
import type { crmDelivery } from '../../src/workflows';
import {
  deliverSignal,
  deliveryRecordQuery,
  deliveryStatusQuery,
  resendSignal,
} from '../../src/workflows/crm-delivery';
import { eventually } from '../support/eventually';
import {
  CRM_SECRET,
  crmActivities,
  type DeliveryHandle,
  links,
  newEvent,
  newOrder,
  getReceivedEvents,
  listAcceptedSequences,
} from '../support/crm-events';
import { TestStack } from '../support/test-stack';

const HOUR = 3_600_000;

let stack: TestStack;
let order: DeliveryOrder;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'timeSkipping', worker: true });
  await stack.startWorker({ taskQueue: toEventsTaskQueue(stack.taskQueue), activities: crmActivities(stack) });
});
afterAll(() => stack?.close());
beforeEach(async () => {
  await stack.control.reset();
  await stack.control.switches({ crmSecret: CRM_SECRET });
  order = newOrder(stack);
});

const event = (sequence: number, step: string) => newEvent(sequence, step, order);

function startDelivery(first: OnboardingEvent, queue = stack.taskQueue): Promise<DeliveryHandle> {
  return stack.server.client.workflow.start<typeof crmDelivery>('crmDelivery', {
    workflowId: `crm-delivery-${order.runId}`,
    taskQueue: queue,
    args: [order, first],
  });
}

async function until(handle: DeliveryHandle, wanted: (status: DeliveryStatus) => boolean): Promise<DeliveryStatus> {
  let status: DeliveryStatus | undefined;
  return eventually(
    async () => {
      status = await handle.query(deliveryStatusQuery);
      return wanted(status) && status;
    },
    { what: () => `another status than ${JSON.stringify(status)}` },
  );
}

async function getDetails(handle: DeliveryHandle): Promise<string> {
  return handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata').then((m) => m.currentDetails ?? '');
}

test('events arrive in order, each signed and with its own id, and the last one ends the delivery', async () => {
  const handle = await startDelivery(event(1, 'awaitingAcceptance'));
  await handle.signal(deliverSignal, event(2, 'accepted'));
  await handle.signal(deliverSignal, event(3, 'agreementCreated'));

  expect(await handle.result()).toMatchObject({
    ended: 'lastEvent',
    givenUp: [],
    events: [1, 2, 3].map((sequence) => ({ sequence, state: 'delivered', settledAt: expect.any(String) as string })),
  });
  const events = await getReceivedEvents(stack);
  expect(events.map(({ headers, verified }) => [headers['webhook-id'], verified])).toEqual(
    [1, 2, 3].map((sequence) => [`${order.runId}-${sequence}`, true]),
  );
  expect(events[1]!.body).toEqual({
    type: 'onboarding.accepted',
    timestamp: '2026-11-24T10:02:00.000Z',
    version: 1,
    sequence: 2,
    data: expect.objectContaining({ dealId: order.onboardingId, attempt: 1, acceptance: { source: 'page' } }) as object,
  });
});

test('an invitation and a reminder hold the run’s link; no event holds a secret or the page’s evidence', async () => {
  const handle = await startDelivery(event(1, 'awaitingAcceptance'));
  await handle.signal(deliverSignal, event(2, 'reminderDue'));
  await handle.signal(deliverSignal, event(3, 'expired'));
  await handle.result();

  const urls = (await getReceivedEvents(stack)).map(({ body }) => body.data['acceptanceUrl']);
  const url = links.getUrl(order);
  expect(urls).toEqual([url, url, undefined]);
  expect(links.parseToken(url.split('/').at(-1)!)).toEqual({ onboardingId: order.onboardingId, runId: order.runId });
  expect(JSON.stringify(await getReceivedEvents(stack))).not.toMatch(/a-bearer-secret|192\.0\.2\.1|a-private-browser/);
});

test('a CRM that is down for an hour gets its events late, and still in order', async () => {
  await stack.control.faults({ on: 'crmEvent', status: 503, times: 10 }); // 5 s, doubling: the eleventh try is after 85 minutes
  const startedAt = await stack.server.currentTimeMs();
  const handle = await startDelivery(event(1, 'awaitingAcceptance'));
  await handle.signal(deliverSignal, event(2, 'accepted'));
  await handle.signal(deliverSignal, event(3, 'agreementCreated'));

  const { events, ...rest } = await handle.result();
  expect(rest).toEqual({ ended: 'lastEvent', givenUp: [] });
  expect(Date.parse(events[0]!.settledAt!) - startedAt).toBeGreaterThan(HOUR);
  expect(Date.parse(events[2]!.settledAt!) - startedAt).toBeLessThan(2 * HOUR);
  const tries = (await getReceivedEvents(stack)).map(({ body }) => body.sequence);
  expect(tries).toEqual([...Array<number>(10).fill(1), 1, 2, 3]);
  expect(new Set((await getReceivedEvents(stack)).slice(0, 11).map(({ headers }) => headers['webhook-id'])).size).toBe(
    1,
  );
});

test('an event that the CRM refuses for three days is abandoned visibly, and the next one is tried', async () => {
  await stack.control.faults({ on: 'crmEvent', status: 500, times: 200 });
  const startedAt = await stack.server.currentTimeMs();
  const handle = await startDelivery(event(1, 'awaitingAcceptance'));
  await stack.advanceClock(73 * HOUR);
  const { events } = await until(handle, ({ events: [first] }) => first?.state === 'givenUp');
  expect(Date.parse(events[0]!.settledAt!) - startedAt).toBeLessThanOrEqual(72 * HOUR + 60_000);
  expect(Date.parse(events[0]!.settledAt!) - startedAt).toBeGreaterThan(70 * HOUR); // the next try would come too late
  const { typedSearchAttributes } = await handle.describe();
  expect(typedSearchAttributes.get(AttentionReasonKey)).toBe('eventGivenUp');
  expect(await getDetails(handle)).toMatch(
    /Abandoned: event 1 \(onboarding\.awaitingAcceptance\)\*\*, 20\d\d-.* UTC.*Last status: 500\..*events resend/,
  );

  await stack.control.faults();
  await handle.signal(deliverSignal, event(2, 'expired'));
  expect(await handle.result()).toMatchObject({
    ended: 'lastEvent',
    givenUp: [1],
    events: [
      { sequence: 1, state: 'givenUp', failure: { type: 'EventNotDelivered', status: 500 } },
      { sequence: 2, state: 'delivered' },
    ],
  });
  expect(await listAcceptedSequences(stack)).toEqual([2]);
});

test('after 410 nothing more is sent', async () => {
  await stack.control.faults({ on: 'crmEvent', status: 410 });
  const handle = await startDelivery(event(1, 'awaitingAcceptance'));
  await handle.signal(deliverSignal, event(2, 'accepted'));

  expect(await handle.result()).toMatchObject({
    ended: 'gone',
    givenUp: [1],
    events: [
      { sequence: 1, state: 'givenUp', failure: { type: 'EventGone', status: 410 } },
      { sequence: 2, state: 'pending' },
    ],
  });
  expect(await getReceivedEvents(stack)).toHaveLength(1);
});

test('an event that is sent twice is delivered once, and other arguments are ignored', async () => {
  const handle = await startDelivery(event(1, 'awaitingAcceptance'));
  await handle.signal(deliverSignal, event(2, 'accepted'));
  await handle.signal(deliverSignal, event(2, 'accepted'));
  await handle.signal('deliver', { sequence: 'two' });
  await handle.signal('deliver');
  await handle.signal('resend', 'all');
  await until(handle, ({ events }) => events.filter(({ state }) => state === 'delivered').length === 2);
  await handle.signal(deliverSignal, event(1, 'awaitingAcceptance'));
  await handle.signal(deliverSignal, event(3, 'declined'));

  await handle.result();
  expect(await listAcceptedSequences(stack)).toEqual([1, 2, 3]);
});

test('a delivery ends after 45 days without an event', async () => {
  const handle = await startDelivery(event(1, 'awaitingAcceptance'));

  expect(await handle.result()).toMatchObject({ ended: 'silence', givenUp: [] });
});

test('Retry-After of the CRM is honoured', async () => {
  await stack.control.faults({ on: 'crmEvent', status: 429, retryAfter: 1800 });
  const startedAt = await stack.server.currentTimeMs();
  const handle = await startDelivery(event(1, 'cancelled'));

  const { events } = await handle.result();
  const tookMs = Date.parse(events[0]!.settledAt!) - startedAt;
  expect(tookMs).toBeGreaterThanOrEqual(1_800_000);
  expect(tookMs).toBeLessThan(HOUR);
});

test('a signature that the CRM does not accept counts as any other refusal', async () => {
  await stack.control.switches({ crmSecret: `whsec_${Buffer.alloc(32, 8).toString('base64')}` });
  const handle = await startDelivery(event(1, 'awaitingAcceptance'));
  await eventually(async () => (await getReceivedEvents(stack)).length > 0, { what: 'the event' });

  expect(await getReceivedEvents(stack)).toMatchObject([{ status: 401, verified: false }]);
  expect(await until(handle, () => true)).toMatchObject({ trying: { sequence: 1 }, events: [{ state: 'pending' }] });
  expect(await getDetails(handle)).toContain('Delivering event 1 (onboarding.awaitingAcceptance) since');
  await handle.terminate();
});

test('resend delivers settled events again and tries the pending one at once', async () => {
  await stack.control.faults({ on: 'crmEvent', status: 500, skip: 1, times: 1 });
  const handle = await startDelivery(event(1, 'awaitingAcceptance'));
  await until(handle, ({ events }) => events[0]?.state === 'delivered');
  await handle.signal(deliverSignal, event(2, 'accepted'));
  await eventually(async () => (await getReceivedEvents(stack)).length >= 2, { what: 'two events' });
  await handle.signal(resendSignal, [1, 2, 9]); // the clock does not move, so only the signal can cause the second try

  await until(handle, ({ events }) => events.length === 2 && events.every(({ state }) => state === 'delivered'));
  expect((await getReceivedEvents(stack)).map(({ body, status }) => [body.sequence, status])).toEqual([
    [1, 204],
    [2, 500],
    [1, 204],
    [2, 204],
  ]);
  await handle.signal(deliverSignal, event(3, 'expired'));
  expect(await handle.result()).toMatchObject({ ended: 'lastEvent', givenUp: [] });
});

test('the record of an ended delivery holds its order and every event with its view', async () => {
  const first = event(1, 'awaitingAcceptance');
  const last = event(2, 'expired');
  const handle = await startDelivery(first);
  await handle.signal(deliverSignal, last);
  await handle.result();

  expect(await handle.query(deliveryRecordQuery)).toEqual({
    order,
    events: [first, last].map((each) => ({
      event: each,
      delivery: expect.objectContaining({ sequence: each.sequence, state: 'delivered' }) as object,
    })),
  });
});

test('a cancelled delivery ends as cancelled, also during an attempt', async () => {
  await stack.control.faults({ on: 'crmEvent', status: 500, times: 'always' });
  const handle = await startDelivery(event(1, 'awaitingAcceptance'));
  await until(handle, ({ trying }) => trying !== undefined);
  await handle.cancel();

  await expect(handle.result()).rejects.toThrow(WorkflowFailedError);
  expect((await handle.describe()).status.name).toBe('CANCELLED');
});

test('an event for a host that is no longer allowed is abandoned at once with the reason', async () => {
  const queue = stack.newTaskQueue();
  await stack.startWorker({ taskQueue: queue });
  const activities = crmActivities(stack, { allowedHosts: [{ host: 'other.example' }] });
  await stack.startWorker({ taskQueue: toEventsTaskQueue(queue), activities });
  const handle = await startDelivery(event(1, 'expired'), queue);

  const { givenUp, events } = await handle.result();
  expect(givenUp).toEqual([1]);
  expect(events[0]?.failure).toMatchObject({
    type: 'CallbackNotAllowed',
    title: expect.stringContaining('CRM_CALLBACK_ALLOWED_HOSTS') as string,
  });
  expect(await getReceivedEvents(stack)).toEqual([]);
});

test('an event waits visibly while no worker has callbacks and is delivered once one has them', async () => {
  const queue = stack.newTaskQueue();
  let activities = createCrmActivities(undefined);
  await stack.startWorker({ taskQueue: queue });
  await stack.startWorker({
    taskQueue: toEventsTaskQueue(queue),
    activities: {
      deliverEvent: (...args: Parameters<typeof activities.deliverEvent>) => activities.deliverEvent(...args),
    },
  });
  const handle = await startDelivery(event(1, 'expired'), queue);
  const lastFailure = async () => (await handle.describe()).raw.pendingActivities?.[0]?.lastFailure;
  await eventually(lastFailure, { what: 'the delivery to fail' });
  expect(await lastFailure()).toMatchObject({
    message: expect.stringContaining('CRM_CALLBACK_SECRETS') as string,
    applicationFailureInfo: { type: 'CallbacksOff', nonRetryable: false },
  });

  activities = crmActivities(stack);
  expect(await handle.result()).toMatchObject({ ended: 'lastEvent', givenUp: [] });
  expect(await listAcceptedSequences(stack)).toEqual([1]);
});
