/** Events as an operator sees them and sends them again, from a real onboarding to the simulator's CRM. */
import type { CallbackSettings } from '../../src/webhooks/callback-url';
import { toEventsTaskQueue } from '../../src/onboarding/ids';
import { eventually } from '../support/eventually';
import { CRM_SECRET, crmActivities, getReceivedEvents, type ReceivedEvent } from '../support/crm-events';
import { attestedRequest } from '../support/requests';
import { TestStack } from '../support/test-stack';

type Listed = { isOpen: boolean; trying?: object; events: { sequence: number; state: string; failure?: object }[] };

let stack: TestStack;
let drainOnboardings: () => Promise<void>;
const drains: (() => Promise<void>)[] = [];

beforeAll(async () => {
  stack = await TestStack.start({ server: 'dev', simulator: true });
  drainOnboardings = await stack.startConfiguredWorker({}, { delivers: false });
});
afterAll(async () => {
  await drainOnboardings?.();
  await stack?.close();
});
beforeEach(async () => {
  await stack.control.send('POST', '/simulator/reset', {});
  await stack.control.send('PUT', '/simulator/switches', { crmSecret: CRM_SECRET });
});
afterEach(async () => {
  for (const drain of drains.splice(0)) await drain();
});

/** Starts a worker for the events' queue; returns a function that drains it. */
async function startEventsWorker(settings: Partial<CallbackSettings> = {}): Promise<() => Promise<void>> {
  const drain = await stack.startWorker({
    taskQueue: toEventsTaskQueue(stack.environment['TEMPORAL_TASK_QUEUE']!),
    workflowBundle: undefined,
    activities: crmActivities(stack, settings),
  });
  drains.push(drain);
  return drain;
}

async function startDeal(): Promise<string> {
  const request = attestedRequest({ callbackUrl: `${stack.simulator.url}/crm/events?tenant=a-private-tenant` });
  await stack.cli.start(request);
  await stack.cli.untilStatus(request.dealId, 'awaitingAcceptance');
  return request.dealId;
}

async function untilListed(deal: string, wanted: (listed: Listed) => boolean): Promise<Listed> {
  return (await stack.cli.until(['events', 'list', deal], (answer) =>
    wanted(answer as unknown as Listed),
  )) as unknown as Listed;
}

const states = ({ events }: Listed) => events.map(({ state }) => state);

async function untilReceived(count: number): Promise<ReceivedEvent[]> {
  return eventually(
    async () => {
      const events = await getReceivedEvents(stack);
      return events.length >= count && events;
    },
    { what: `${count} events` },
  );
}

test('abandoned events are listed with the reason, also without a worker for events, and are sent again once fixed', async () => {
  const drain = await startEventsWorker({ allowedHosts: [{ host: 'crm.example' }] });
  const deal = await startDeal();
  await untilListed(deal, (listed) => states(listed).join() === 'givenUp');
  await stack.cli.json('decline', deal, '--code', 'other');
  const ended = await untilListed(deal, ({ isOpen, events }) => !isOpen && events.length === 2);
  await drain();

  expect(ended.events).toMatchObject([
    { sequence: 1, type: 'onboarding.awaitingAcceptance', state: 'givenUp', failure: { type: 'CallbackNotAllowed' } },
    { sequence: 2, type: 'onboarding.declined', state: 'givenUp', settledAt: expect.any(String) as string },
  ]);
  const { stdout } = await stack.cli.run('events', 'list', deal);
  expect(stdout).toMatch(/^1 +onboarding\.awaitingAcceptance .*givenUp.*CRM_CALLBACK_ALLOWED_HOSTS/m);
  expect(stdout).not.toContain('a-private-tenant');
  expect(await getReceivedEvents(stack)).toEqual([]);

  await startEventsWorker();
  expect(await stack.cli.json('events', 'resend', deal, '--sequence', '2')).toEqual({
    id: deal,
    outcome: 'resent',
    sequences: [2],
  });
  await untilListed(deal, (listed) => !listed.isOpen && states(listed).join() === 'givenUp,delivered');
  await stack.cli.json('events', 'resend', deal);
  await untilListed(deal, (listed) => !listed.isOpen && states(listed).join() === 'delivered,delivered');

  const events = await getReceivedEvents(stack);
  expect(events.map(({ body, verified }) => [body.sequence, verified])).toEqual([
    [2, true],
    [1, true],
    [2, true],
  ]);
  expect(events[0]!.headers['webhook-id']).toBe(events[2]!.headers['webhook-id']);
  expect(events[0]!.rawBody).toBe(events[2]!.rawBody);
});

test('an event that waits for the CRM is listed with its last answer, and resend tries it again immediately', async () => {
  await startEventsWorker();
  await stack.control.send('PUT', '/simulator/faults', [{ on: 'crmEvent', status: 503, retryAfter: 3600 }]);
  const deal = await startDeal();

  const waiting = await untilListed(deal, ({ trying }) => trying !== undefined && 'lastFailure' in trying);
  expect(waiting).toMatchObject({
    isOpen: true,
    trying: { sequence: 1, attempt: 2, lastFailure: { type: 'EventNotDelivered', status: 503 } },
    events: [{ sequence: 1, state: 'pending' }],
  });
  expect((await stack.cli.run('events', 'list', deal)).stdout).toMatch(/^1 .*pending.*The CRM answered 503\./m);

  await stack.cli.json('events', 'resend', deal);
  const [first, second] = await untilReceived(2);
  expect([first!.status, second!.status]).toEqual([503, 204]);
  expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
  await untilListed(deal, (listed) => states(listed).join() === 'delivered');
});

test('a delivery that the CRM ended with 410 is started again by resend, and waits for further events', async () => {
  await startEventsWorker();
  await stack.control.send('PUT', '/simulator/faults', [{ on: 'crmEvent', status: 410 }]);
  const deal = await startDeal();
  await untilListed(deal, ({ isOpen }) => !isOpen);

  await stack.cli.json('events', 'resend', deal);
  await untilListed(deal, (listed) => listed.isOpen && states(listed).join() === 'delivered');
});

test('a deal without a callback has no events, and an event that does not exist cannot be resent', async () => {
  const request = attestedRequest();
  await stack.cli.start(request);
  expect(await stack.cli.json('events', 'list', request.dealId)).toEqual({
    id: request.dealId,
    isOpen: false,
    events: [],
  });
  expect(await stack.cli.failure('events', 'resend', request.dealId)).toMatchObject({
    code: 1,
    error: { type: 'noEvents' },
  });
  expect(await stack.cli.failure('events', 'list', 'D-unknown')).toMatchObject({
    code: 1,
    error: { type: 'notFound' },
  });
  expect(await stack.cli.failure('events', 'resend', 'D-1', '--sequence', '0')).toMatchObject({ code: 2 });

  await startEventsWorker();
  const deal = await startDeal();
  await untilListed(deal, (listed) => states(listed).join() === 'delivered');
  expect(await stack.cli.failure('events', 'resend', deal, '--sequence', '7')).toMatchObject({
    code: 1,
    error: { type: 'unknownEvent', known: [1] },
  });
});
