import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  defineQuery,
  defineSignal,
  isCancellation,
  log,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  TimeoutFailure,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { CrmActivities } from '../activities/deliver-event';
import {
  addEvent,
  type QueuedEvent,
  type DeliveryEnd,
  type DeliveryFailure,
  deliveryFailureRules,
  deliveryFailureTypes,
  type DeliveryOrder,
  type DeliveryState,
  type DeliveryRecord,
  type DeliveryStatus,
  type DeliverySummary,
  type EventDelivery,
  type EventQueue,
  getAbandoned,
  getNextPending,
  isComplete,
  isDeliveryFailureType,
  setDeliveryState,
} from '../onboarding/event-delivery';
import { isEvent, type OnboardingEvent } from '../onboarding/events';
import { toEventsTaskQueue } from '../onboarding/ids';
import { AttentionReasonKey } from '../temporal/search-attributes';
import { formatUtcMinute, now } from './time';

// Onboardings and the command line depend on the names of these messages: add, never rename. Their handlers describe them.

export const deliverSignal = defineSignal<[OnboardingEvent]>('deliver');
export const resendSignal = defineSignal<[number[]]>('resend');
export const deliveryStatusQuery = defineQuery<DeliveryStatus>('deliveryStatus');
export const deliveryRecordQuery = defineQuery<DeliveryRecord>('deliveryRecord');

/** Longer than any customer's link: an onboarding without an event for so long waits for an operator or has ended. */
const LONGEST_SILENCE = '45 days';

/**
 * Delivers the events of one onboarding to its CRM: in order, one at a time, each tried for three days. A CRM that is
 * down delays its own events and nothing else. `carriedOver` is the state of an earlier run of the same delivery.
 */
export async function crmDelivery(
  order: DeliveryOrder,
  first: OnboardingEvent,
  carriedOver: QueuedEvent[] = [],
): Promise<DeliverySummary> {
  const delivery = new Delivery(order, first, carriedOver); // Registers handlers before the first await.

  for (;;) {
    const event = await delivery.nextEvent();
    if (event === 'none') return delivery.end();
    if ((await delivery.deliver(event)) === 'gone') return delivery.end('gone');
  }
}

/** One run of a delivery: its events and what became of them. */
class Delivery {
  private queue: EventQueue;
  private trying: { event: OnboardingEvent; since: string; attempt: CancellationScope } | undefined;
  /** Whether AttentionReason, by which operators find deliveries with an abandoned event, is set. */
  private showsAbandoned = workflowInfo().typedSearchAttributes.get(AttentionReasonKey) !== undefined;

  /** @throws ApplicationFailure `InvalidDelivery`, final: a retry would have the same arguments. */
  constructor(
    private readonly order: DeliveryOrder,
    first: OnboardingEvent,
    carriedOver: QueuedEvent[],
  ) {
    if (typeof order?.callbackUrl !== 'string' || typeof order.runId !== 'string' || !isEvent(first)) {
      throw ApplicationFailure.nonRetryable('The arguments must be a DeliveryOrder and an event.', 'InvalidDelivery');
    }
    this.queue = addEvent(carriedOver, first);
    this.registerHandlers();
    this.updateDisplay();
  }

  /** Waits for the next event in order; `none` after the onboarding's last event or 45 days without one. */
  async nextEvent(): Promise<OnboardingEvent | 'none'> {
    if (getNextPending(this.queue) === undefined && !isComplete(this.queue)) {
      await condition(() => getNextPending(this.queue) !== undefined, LONGEST_SILENCE, { summary: 'The next event' });
    }
    return getNextPending(this.queue) ?? 'none';
  }

  /** Tries one event until the CRM accepts it, wants no more, three days are over, or an operator resends it. */
  async deliver(event: OnboardingEvent): Promise<'settled' | 'interrupted' | 'gone'> {
    const since = now();
    for (;;) {
      const attempt = new CancellationScope();
      this.trying = { event, since, attempt };
      this.updateDisplay();
      try {
        await attempt.run(() => deliverEvent(this.order, event));
        this.settle(event, { state: 'delivered', settledAt: now() });
        return 'settled';
      } catch (error) {
        if (isResend(error, attempt)) return 'interrupted'; // the resent events are delivered in their order
        if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
        const failure = readDeliveryFailure(error.cause);
        if (failure === 'scheduleToStartTimeout') continue; // no worker was running: the CRM was not called
        this.settle(event, { state: 'givenUp', settledAt: now(), failure });
        log.warn('An event was abandoned', { sequence: event.sequence, type: failure.type, status: failure.status });
        return failure.type === 'EventGone' ? 'gone' : 'settled';
      } finally {
        this.trying = undefined;
      }
    }
  }

  end(ended: DeliveryEnd = isComplete(this.queue) ? 'lastEvent' : 'silence'): DeliverySummary {
    this.updateDisplay(ended);
    const { events } = this.getStatus();
    return { ended, givenUp: getAbandoned(this.queue).map(({ sequence }) => sequence), events };
  }

  private registerHandlers(): void {
    setHandler(deliveryStatusQuery, () => this.getStatus(), {
      description: 'The events of the onboarding and what became of each.',
    });
    setHandler(deliveryRecordQuery, () => this.getRecord(), {
      description: 'The order and every event with its view, for a report or for sending events again.',
    });
    setHandler(
      deliverSignal,
      (event: unknown) => {
        if (isEvent(event)) this.queue = addEvent(this.queue, event);
        else log.warn('deliver was ignored: its argument is not an event');
      },
      { description: 'The next event of the onboarding; one that is known already is ignored.' },
    );
    setHandler(
      resendSignal,
      (sequences: unknown) => {
        if (!Array.isArray(sequences)) return log.warn('resend was ignored: its argument is not a list of numbers');
        this.queue = setDeliveryState(this.queue, sequences as number[], { state: 'pending' });
        if (this.trying && sequences.includes(this.trying.event.sequence)) this.trying.attempt.cancel();
      },
      {
        description:
          'Delivers these events again, by sequence number; an event that is being tried is retried immediately.',
      },
    );
  }

  private getStatus(): DeliveryStatus {
    const { order, trying, events } = this.getRecord();
    return { onboardingId: order.onboardingId, trying, events: events.map(({ delivery }) => delivery) };
  }

  private getRecord(): DeliveryRecord {
    const trying = this.trying && { sequence: this.trying.event.sequence, since: this.trying.since };
    return { order: this.order, trying, events: [...this.queue] };
  }

  private settle(event: OnboardingEvent, state: DeliveryState): void {
    this.queue = setDeliveryState(this.queue, [event.sequence], state);
    this.trying = undefined;
    this.updateDisplay();
  }

  private updateDisplay(end?: DeliveryEnd): void {
    setCurrentDetails(describeDelivery(this.getStatus(), end));
    const hasAbandoned = getAbandoned(this.queue).length > 0;
    if (hasAbandoned === this.showsAbandoned) return;
    this.showsAbandoned = hasAbandoned;
    upsertSearchAttributes([{ key: AttentionReasonKey, value: hasAbandoned ? 'eventGivenUp' : null }]);
  }
}

/** One event's delivery, which Temporal retries until the CRM accepts it or three days are over. */
function deliverEvent(order: DeliveryOrder, event: OnboardingEvent): Promise<{ status: number }> {
  const activities = proxyActivities<CrmActivities>({
    taskQueue: toEventsTaskQueue(workflowInfo().taskQueue),
    summary: `Event ${event.sequence}: ${event.type}`,
    startToCloseTimeout: '30s', // one POST of at most 10 s; a dead worker is detected by then
    scheduleToCloseTimeout: '72h', // a CRM that is down over a weekend loses nothing
    retry: {
      initialInterval: '5s',
      backoffCoefficient: 2,
      maximumInterval: '1h',
      // Each failure already says whether it is final; the list makes the rule visible in every history.
      nonRetryableErrorTypes: deliveryFailureTypes.filter((type) => !deliveryFailureRules[type].retried),
    },
  });
  return activities.deliverEvent(order, event);
}

/**
 * Reads why an event was not delivered from the cause of an activity's failure, also that of a pending activity.
 * `scheduleToStartTimeout`: no worker took it in time, so the CRM was not called.
 */
export function readDeliveryFailure(cause: Error | undefined): DeliveryFailure | 'scheduleToStartTimeout' {
  if (cause instanceof TimeoutFailure && cause.timeoutType === 'SCHEDULE_TO_START') return 'scheduleToStartTimeout';

  // After three days the failure is a timeout, and its cause is the failure of the last attempt.
  const failure = cause instanceof TimeoutFailure && cause.cause !== undefined ? cause.cause : cause;
  if (failure instanceof ApplicationFailure && isDeliveryFailureType(failure.type)) {
    const { status } = (failure.details?.[0] ?? {}) as { status?: number };
    return { type: failure.type, title: failure.message, status };
  }
  return { type: 'EventNotDelivered', title: deliveryFailureRules.EventNotDelivered.title };
}

/** Whether an operator's `resend` ended the attempt, rather than a cancellation of the whole run. */
function isResend(error: unknown, attempt: CancellationScope): boolean {
  return isCancellation(error) && attempt.consideredCancelled && !CancellationScope.current().consideredCancelled;
}

/** The current details in the Temporal UI, for an operator: no URL, no person's data. */
function describeDelivery({ onboardingId, trying, events }: DeliveryStatus, end?: DeliveryEnd): string {
  const delivered = events.filter(({ state }) => state === 'delivered').length;
  return [
    ...events.filter(({ state }) => state === 'givenUp').map(describeAbandoned),
    // A workflow is not notified of failed attempts; the UI shows them next to this text.
    trying &&
      `Delivering event ${trying.sequence} (${events.find(({ sequence }) => sequence === trying.sequence)?.type}) since ${formatUtcMinute(trying.since)}. ` +
        'If the CRM does not accept it, the pending activity shows the attempts and its last answer.',
    end && endDescriptions[end],
    `Delivered: ${delivered} of ${events.length} events of deal ${onboardingId}.`,
  ]
    .filter((line) => line !== undefined)
    .join('\n\n');
}

const endDescriptions: Record<DeliveryEnd, string> = {
  lastEvent: 'Ended after the last event of the onboarding.',
  gone: 'Ended because the CRM answered 410: it wants no more events of this onboarding.',
  silence: 'Ended because no event came for 45 days.',
};

function describeAbandoned({ sequence, type, settledAt, failure }: EventDelivery): string {
  const status = failure?.status === undefined ? '' : ` Last status: ${failure.status}.`;
  return (
    `**Abandoned: event ${sequence} (${type})**, ${formatUtcMinute(settledAt)}. ${failure?.title ?? ''}${status} ` +
    'Fix the cause, then send it again with `events resend`.'
  );
}
