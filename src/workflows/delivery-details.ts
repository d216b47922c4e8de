import type { DeliveryEnd, DeliveryStatus, EventDelivery } from '../onboarding/events';

/** What the Temporal UI shows of a delivery, in plain words for an operator: no URL, no person's data. */
export function deliveryDetailsOf({ onboardingId, trying, events }: DeliveryStatus, end?: DeliveryEnd): string {
  const delivered = events.filter(({ state }) => state === 'delivered').length;
  return [
    ...events.filter(({ state }) => state === 'givenUp').map(describeGivenUp),
    trying === undefined ? '' : describeTried(trying, events),
    end === undefined ? '' : ends[end],
    `Delivered: ${delivered} of ${events.length} events of deal ${onboardingId}.`,
  ]
    .filter((line) => line !== '')
    .join('\n\n');
}

const ends: Record<DeliveryEnd, string> = {
  lastEvent: 'Ended after the last event of the onboarding.',
  gone: 'Ended because the CRM answered 410: it wants no more events of this onboarding.',
  silence: 'Ended because no event came for 45 days.',
};

function describeGivenUp({ sequence, type, settledAt, failure }: EventDelivery): string {
  const status = failure?.status === undefined ? '' : ` Last status: ${failure.status}.`;
  return (
    `**Given up: event ${sequence} (${type})**, ${utc(settledAt)}. ${failure?.title ?? ''}${status} ` +
    'Mend the cause, then send it again with `events resend`.'
  );
}

/** The workflow does not hear of attempts that fail; the UI shows them beside this text. */
function describeTried({ sequence, since }: { sequence: number; since: string }, events: EventDelivery[]): string {
  const type = events.find((event) => event.sequence === sequence)?.type;
  return (
    `Delivering event ${sequence} (${type}) since ${utc(since)}. ` +
    'If the CRM does not take it, the pending activity shows the attempts and its last answer.'
  );
}

/** `2026-11-24 14:05 UTC`. */
function utc(at: string | undefined): string {
  return at === undefined ? 'at an unknown time' : `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}
