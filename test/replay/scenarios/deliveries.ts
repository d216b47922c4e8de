import { createCrmActivities } from '../../../src/activities/deliver-event';
import { type DeliveryOrder } from '../../../src/onboarding/event-delivery';
import { toEventsTaskQueue } from '../../../src/onboarding/ids';
import type { crmDelivery } from '../../../src/workflows';
import { deliverSignal, deliveryStatusQuery, resendSignal } from '../../../src/workflows/crm-delivery';
import { crmDependencies, type DeliveryHandle, newEvent } from '../../support/crm-events';
import { type ScenarioContext, type Scenario, TASK_QUEUE } from '../scenario-context';

const HOUR = 3_600_000;

/** Deliveries of events, which live as long as the onboardings they tell of and up to three days longer. */
export const deliveries = {
  'events-delivered-in-their-order': {
    on: 'dev',
    ends: 'lastEvent',
    play: async (context) => {
      const { handle, tell } = await delivery(context);
      await tell(2, 'accepted');
      await tell(3, 'agreementCreated');
      return handle;
    },
  },
  'event-given-up-then-resent': {
    on: 'timeSkipping',
    ends: 'lastEvent',
    play: async (context) => {
      await context.stack.control.faults({ on: 'crmEvent', status: 500, times: 'always' });
      const { handle, tell, settled } = await delivery(context);
      await context.stack.advanceClock(73 * HOUR);
      await settled('givenUp');
      await context.stack.control.faults();
      await handle.signal(resendSignal, [1]);
      await settled('delivered');
      await tell(2, 'expired');
      return handle;
    },
  },
  'events-unwanted-by-the-crm': {
    on: 'dev',
    ends: 'gone',
    play: async (context) => {
      await context.stack.control.faults({ on: 'crmEvent', status: 410 });
      return (await delivery(context)).handle;
    },
  },
  'events-ended-by-silence': {
    on: 'timeSkipping',
    ends: 'silence',
    play: async (context) => (await delivery(context)).handle,
  },
} satisfies Record<string, Scenario>;

/** A delivery with its first event, and workers beside it. */
async function delivery(context: ScenarioContext) {
  const { stack, deal } = context;
  const order: DeliveryOrder = {
    onboardingId: deal.dealId,
    runId: deal.customerId, // any id that is the same in every recording
    callbackUrl: 'https://crm.example/events',
  };
  await context.startWorker();
  await stack.startWorker({ taskQueue: toEventsTaskQueue(TASK_QUEUE), activities: activitiesOf(context) });
  const handle: DeliveryHandle = await stack.server.client.workflow.start<typeof crmDelivery>('crmDelivery', {
    workflowId: `crm-delivery-${order.runId}`,
    taskQueue: TASK_QUEUE,
    args: [order, newEvent(1, 'awaitingAcceptance', order)],
  });
  return {
    handle,
    tell: (sequence: number, step: string) => handle.signal(deliverSignal, newEvent(sequence, step, order)),
    settled: async (state: 'delivered' | 'givenUp') => {
      while ((await handle.query(deliveryStatusQuery)).events[0]?.state !== state);
    },
  };
}

/** Histories name no port of the machine they were recorded on: what is sent to the example's CRM goes to the simulator's. */
function activitiesOf({ stack }: ScenarioContext) {
  const { deliver, ...others } = crmDependencies(stack);
  const callbackUrl = `${stack.simulator.url}/crm/events`;
  return createCrmActivities({ ...others, deliver: (message) => deliver({ ...message, callbackUrl }) });
}
