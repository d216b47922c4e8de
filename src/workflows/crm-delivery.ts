import type { DeliveryOrder, DeliverySummary, CarriedOverEvent } from '../onboarding/events';
import type { OnboardingEvent } from '../onboarding/events';
import { DeliveryRun } from './delivery-run';

/**
 * Delivers the events of one onboarding to its CRM: in order, one at a time, each tried for three days. A CRM that is
 * down delays its own events and nothing else. `carriedOver` is what an earlier delivery of the same onboarding knew.
 */
export async function crmDelivery(
  order: DeliveryOrder,
  first: OnboardingEvent,
  carriedOver: CarriedOverEvent[] = [],
): Promise<DeliverySummary> {
  const delivery = new DeliveryRun(order, first, carriedOver); // state and handlers first: no event may arrive unheard

  for (;;) {
    const event = await delivery.nextEvent();
    if (event === 'none') return delivery.end();

    const answer = await delivery.deliver(event);
    if (answer === 'gone') return delivery.end('gone');
  }
}
