import { createCrmActivities } from '../../../src/activities/deliver-event';
import { type DeliveryOrder, toEventsTaskQueue } from '../../../src/onboarding/delivery';
import type { crmDelivery } from '../../../src/workflows';
import { deliverSignal, deliveryStatusQuery, resendSignal } from '../../../src/workflows/delivery-messages';
import { crmDependencies, type DeliveryHandle, newEvent } from '../../support/crm-events';
import { type Cast, type Scenario, TASK_QUEUE } from '../cast';

const HOUR = 3_600_000;

/** Deliveries of events, which live as long as the onboardings they tell of and up to three days longer. */
export const deliveries = {
  'events-delivered-in-their-order': {
    on: 'devServer',
    ends: 'lastEvent',
    play: async (cast) => {
      const { handle, tell } = await delivery(cast);
      await tell(2, 'accepted');
      await tell(3, 'agreementCreated');
      return handle;
    },
  },
  'event-given-up-then-resent': {
    on: 'timeSkipping',
    ends: 'lastEvent',
    play: async (cast) => {
      await cast.stage.control.faults({ on: 'crmEvent', status: 500, times: 'always' });
      const { handle, tell, settled } = await delivery(cast);
      await cast.stage.after(73 * HOUR);
      await settled('givenUp');
      await cast.stage.control.faults();
      await handle.signal(resendSignal, [1]);
      await settled('delivered');
      await tell(2, 'expired');
      return handle;
    },
  },
  'events-unwanted-by-the-crm': {
    on: 'devServer',
    ends: 'gone',
    play: async (cast) => {
      await cast.stage.control.faults({ on: 'crmEvent', status: 410 });
      return (await delivery(cast)).handle;
    },
  },
  'events-ended-by-silence': {
    on: 'timeSkipping',
    ends: 'silence',
    play: async (cast) => (await delivery(cast)).handle,
  },
} satisfies Record<string, Scenario>;

/** A delivery with its first event, and workers beside it. */
async function delivery(cast: Cast) {
  const { stage, deal } = cast;
  const order: DeliveryOrder = {
    onboardingId: deal.dealId,
    runId: deal.customerId, // any id that is the same in every recording
    callbackUrl: 'https://crm.example/events',
  };
  await cast.startWorker();
  await stage.startWorker(toEventsTaskQueue(TASK_QUEUE), { activities: activitiesOf(cast) });
  const handle: DeliveryHandle = await stage.env.client.workflow.start<typeof crmDelivery>('crmDelivery', {
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
function activitiesOf({ stage }: Cast) {
  const { deliver, ...others } = crmDependencies(stage);
  const callbackUrl = `${stage.simulator.url}/crm/events`;
  return createCrmActivities({ ...others, deliver: (message) => deliver({ ...message, callbackUrl }) });
}
