import { createCrmActivities } from '../../../src/activities/deliver-event';
import { type DeliveryOrder } from '../../../src/onboarding/event-delivery';
import { toEventsTaskQueue } from '../../../src/onboarding/ids';
import type { crmDelivery } from '../../../src/workflows';
import { deliverSignal, deliveryStatusQuery, resendSignal } from '../../../src/workflows/crm-delivery';
import { crmDependencies, type DeliveryHandle, newEvent } from '../../support/crm-events';
import { type ScenarioContext, type Scenario, TASK_QUEUE } from '../scenario-context';

const HOUR = 3_600_000;

/** Deliveries of events, which run as long as their onboardings, and up to three days longer. */
export const deliveries = {
  'events-delivered-in-their-order': {
    on: 'dev',
    ends: 'lastEvent',
    run: async (context) => {
      const { handle, sendEvent } = await startDelivery(context);
      await sendEvent(2, 'accepted');
      await sendEvent(3, 'agreementCreated');
      return handle;
    },
  },
  'event-given-up-then-resent': {
    on: 'timeSkipping',
    ends: 'lastEvent',
    run: async (context) => {
      await context.stack.control.faults({ on: 'crmEvent', status: 500, times: 'always' });
      const { handle, sendEvent, waitUntil } = await startDelivery(context);
      await context.stack.advanceClock(73 * HOUR);
      await waitUntil('givenUp');
      await context.stack.control.faults();
      await handle.signal(resendSignal, [1]);
      await waitUntil('delivered');
      await sendEvent(2, 'expired');
      return handle;
    },
  },
  'events-unwanted-by-the-crm': {
    on: 'dev',
    ends: 'gone',
    run: async (context) => {
      await context.stack.control.faults({ on: 'crmEvent', status: 410 });
      return (await startDelivery(context)).handle;
    },
  },
  'events-ended-by-silence': {
    on: 'timeSkipping',
    ends: 'silence',
    run: async (context) => (await startDelivery(context)).handle,
  },
} satisfies Record<string, Scenario>;

/** A delivery with its first event, and workers beside it. */
async function startDelivery(context: ScenarioContext) {
  const { stack, deal } = context;
  const order: DeliveryOrder = {
    onboardingId: deal.dealId,
    runId: deal.customerId, // any id that is the same in every recording
    callbackUrl: 'https://crm.example/events',
  };
  await context.startWorker();
  await stack.startWorker({ taskQueue: toEventsTaskQueue(TASK_QUEUE), activities: buildActivities(context) });
  const handle: DeliveryHandle = await stack.server.client.workflow.start<typeof crmDelivery>('crmDelivery', {
    workflowId: `crm-delivery-${order.runId}`,
    taskQueue: TASK_QUEUE,
    args: [order, newEvent(1, 'awaitingAcceptance', order)],
  });
  return {
    handle,
    sendEvent: (sequence: number, step: string) => handle.signal(deliverSignal, newEvent(sequence, step, order)),
    waitUntil: async (state: 'delivered' | 'givenUp') => {
      while ((await handle.query(deliveryStatusQuery)).events[0]?.state !== state);
    },
  };
}

/** Histories name no port of the machine they were recorded on: what is sent to the example's CRM goes to the simulator's. */
function buildActivities({ stack }: ScenarioContext) {
  const { deliver, ...others } = crmDependencies(stack);
  const callbackUrl = `${stack.simulator.url}/crm/events`;
  return createCrmActivities({ ...others, deliver: (message) => deliver({ ...message, callbackUrl }) });
}
