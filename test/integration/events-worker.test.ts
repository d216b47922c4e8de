/** The worker process delivers events from their own task queue, and drains both queues at SIGTERM. */
import { getCallbackEnvironment } from '../../tools/local-stack/environment';
import { readStackSettings } from '../../tools/local-stack/settings';
import { customerAcceptedSignal } from '../../src/workflows/messages';
import { eventually } from '../support/eventually';
import { CRM_SECRET, getReceivedEvents } from '../support/crm-events';
import { attestedRequest } from '../support/requests';
import { TestStack } from '../support/test-stack';

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'dev', simulator: true });
  await stack.control.switches({ crmSecret: CRM_SECRET });
});
afterEach(() => stack.stopProcesses());
afterAll(() => stack?.close());

test('the CRM gets each event once and signed, and the worker exits with 0', async () => {
  const taskQueue = stack.newTaskQueue();
  const settings = readStackSettings('/checkout', { SIMULATOR_PORT: new URL(stack.simulator.url).port });
  const worker = await stack.startWorkerProcess({
    TEMPORAL_TASK_QUEUE: taskQueue,
    ...getCallbackEnvironment(settings, {
      crmCallbackSecrets: CRM_SECRET,
      acceptanceLinkKeys: `k1:${Buffer.alloc(32, 9).toString('base64')}`,
    }),
    GATEWAY_PUBLIC_URL: 'https://onboarding.example/',
  });
  const callbackUrl = `${stack.simulator.url}/crm/events`;
  const handle = await stack.startOnboarding(attestedRequest({ callbackUrl }), taskQueue);
  await stack.untilStatus(handle, 'awaitingAcceptance');
  await stack.control.accept();
  await handle.signal(customerAcceptedSignal);
  await handle.result();
  const delivery = stack.server.client.workflow.getHandle(`crm-delivery-${handle.firstExecutionRunId}`);
  expect(await delivery.result()).toMatchObject({ ended: 'lastEvent', givenUp: [] });

  const events = await getReceivedEvents(stack);
  expect(events.map(({ body, verified }) => [body.sequence, body.type, verified])).toEqual([
    [1, 'onboarding.awaitingAcceptance', true],
    [2, 'onboarding.accepted', true],
    [3, 'onboarding.agreementCreated', true],
  ]);
  expect(events[0]!.body.data['acceptanceUrl']).toMatch(
    /^https:\/\/onboarding\.example\/accept\/[\w-]+\.[\w-]+\.[\w-]+$/,
  );
  expect(events[2]!.body.data).toMatchObject({ status: 'agreementCreated', result: { outcome: 'agreementCreated' } });

  expect(await worker.kill('SIGTERM')).toMatchObject({ code: 0, signal: null });
});

test('without callback settings an event waits, and its failure names the variable to set', async () => {
  const taskQueue = stack.newTaskQueue();
  await stack.startWorkerProcess({ TEMPORAL_TASK_QUEUE: taskQueue });
  const handle = await stack.startOnboarding(
    attestedRequest({ callbackUrl: `${stack.simulator.url}/crm/events` }),
    taskQueue,
  );
  await stack.untilStatus(handle, 'awaitingAcceptance');

  const delivery = stack.server.client.workflow.getHandle(`crm-delivery-${handle.firstExecutionRunId}`);
  const waiting = () =>
    delivery.describe().then(
      ({ raw }) => raw.pendingActivities?.[0]?.lastFailure?.message,
      () => undefined, // not begun yet
    );
  expect(await eventually(waiting, { what: 'the delivery to fail' })).toContain('CRM_CALLBACK_ALLOWED_HOSTS');
});
