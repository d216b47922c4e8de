import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { CrmActivities } from '../activities/deliver-event';
import { deliveryFailureRules, deliveryFailureTypes, type DeliveryOrder } from '../onboarding/events';
import { toEventsTaskQueue } from '../onboarding/ids';
import type { OnboardingEvent } from '../onboarding/events';

/** One event's delivery, which Temporal repeats until the CRM takes it or three days are over. */
export function deliverEvent(order: DeliveryOrder, event: OnboardingEvent): Promise<{ status: number }> {
  const activities = proxyActivities<CrmActivities>({
    taskQueue: toEventsTaskQueue(workflowInfo().taskQueue),
    summary: `Event ${event.sequence}: ${event.type}`,
    startToCloseTimeout: '30s', // one POST of at most 10 s, and some air; a dead worker is noticed by then
    scheduleToCloseTimeout: '72h', // a CRM that is down over a weekend loses nothing
    retry: {
      initialInterval: '5s',
      backoffCoefficient: 2,
      maximumInterval: '1h',
      // Each failure says the same of itself; listed here too, the rule stands in every history.
      nonRetryableErrorTypes: deliveryFailureTypes.filter((type) => !deliveryFailureRules[type].retried),
    },
  });
  return activities.deliverEvent(order, event);
}
