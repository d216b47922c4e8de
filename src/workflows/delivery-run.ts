import {
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  log,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type {
  DeliveryEnd,
  DeliveryOrder,
  DeliveryRecord,
  DeliveryStatus,
  DeliverySummary,
  CarriedOverEvent,
} from '../onboarding/events';
import type { OnboardingEvent } from '../onboarding/events';
import { AttentionReasonKey } from '../temporal/search-attributes';
import { deliverEvent } from './delivery-call';
import { deliveryDetailsOf } from './delivery-details';
import { deliveryFailureOf } from './delivery-failure';
import { deliverSignal, deliveryRecordQuery, deliveryStatusQuery, resendSignal } from './delivery-messages';
import { addEvent, type EventQueue, firstPending, givenUp, isComplete, isEvent, reopen, settle } from './event-queue';

/** Longer than any customer's link: an onboarding silent for so long is parked, or ended without a word. */
const LONGEST_SILENCE = '45 days';

/** One run of a delivery: its events and what became of them. */
export class DeliveryRun {
  private queue: EventQueue;
  private trying: { event: OnboardingEvent; since: string; attempt: CancellationScope } | undefined;
  /** What the search attribute says: operators find by it the deliveries that have lost an event. */
  private showsGivenUp = workflowInfo().typedSearchAttributes.get(AttentionReasonKey) !== undefined;

  /** @throws ApplicationFailure `InvalidDelivery`, final: no later attempt can mend the arguments of a run. */
  constructor(
    private readonly order: DeliveryOrder,
    first: OnboardingEvent,
    carriedOver: CarriedOverEvent[],
  ) {
    if (typeof order?.callbackUrl !== 'string' || typeof order.runId !== 'string' || !isEvent(first)) {
      throw ApplicationFailure.nonRetryable('The arguments must be a DeliveryOrder and an event.', 'InvalidDelivery');
    }
    this.queue = addEvent(carriedOver, first);
    this.registerHandlers();
    this.publish();
  }

  /** The next event in order, waited for while the onboarding has more to tell; `none` after the last or long silence. */
  async nextEvent(): Promise<OnboardingEvent | 'none'> {
    if (firstPending(this.queue) === undefined && !isComplete(this.queue)) {
      await condition(() => firstPending(this.queue) !== undefined, LONGEST_SILENCE, { summary: 'The next event' });
    }
    return firstPending(this.queue) ?? 'none';
  }

  /** Tries one event until the CRM takes it, wants no more, three days are over, or an operator has it tried anew. */
  async deliver(event: OnboardingEvent): Promise<'settled' | 'interrupted' | 'gone'> {
    const since = now();
    for (;;) {
      const attempt = new CancellationScope();
      this.trying = { event, since, attempt };
      this.publish();
      try {
        await attempt.run(() => deliverEvent(this.order, event));
        this.settle(event, { state: 'delivered', settledAt: now() });
        return 'settled';
      } catch (error) {
        if (isResend(error, attempt)) return 'interrupted'; // what is to be sent again comes in its order
        const failure = deliveryFailureOf(error);
        if (failure === 'neverStarted') continue; // no worker was there for it, so the CRM was not even asked
        this.settle(event, { state: 'givenUp', settledAt: now(), failure });
        log.warn('An event was given up', { sequence: event.sequence, type: failure.type, status: failure.status });
        return failure.type === 'EventGone' ? 'gone' : 'settled';
      } finally {
        this.trying = undefined;
      }
    }
  }

  end(how: DeliveryEnd = isComplete(this.queue) ? 'lastEvent' : 'silence'): DeliverySummary {
    this.publish(how);
    return {
      ended: how,
      givenUp: givenUp(this.queue).map(({ sequence }) => sequence),
      events: this.queue.map(({ delivery }) => delivery),
    };
  }

  private registerHandlers(): void {
    setHandler(deliveryStatusQuery, () => this.status(), {
      description: 'The events of the onboarding and what became of each.',
    });
    setHandler(deliveryRecordQuery, () => this.record(), {
      description: 'The order and every event with its view, for a report or for sending events again.',
    });
    setHandler(
      deliverSignal,
      (event: unknown) => {
        if (isEvent(event)) this.queue = addEvent(this.queue, event);
        else log.warn('deliver was ignored: it carried no event');
      },
      { description: 'The next event of the onboarding; one that is known already is ignored.' },
    );
    setHandler(
      resendSignal,
      (sequences: unknown) => {
        if (!Array.isArray(sequences)) return log.warn('resend was ignored: it carried no list of numbers');
        this.queue = reopen(this.queue, sequences as number[]);
        if (this.trying && sequences.includes(this.trying.event.sequence)) this.trying.attempt.cancel();
      },
      { description: 'Delivers these events again, by sequence number; the one being tried is tried at once.' },
    );
  }

  private status(): DeliveryStatus {
    const { order, trying, events } = this.record();
    return { onboardingId: order.onboardingId, trying, events: events.map(({ delivery }) => delivery) };
  }

  private record(): DeliveryRecord {
    const trying = this.trying && { sequence: this.trying.event.sequence, since: this.trying.since };
    return { order: this.order, trying, events: [...this.queue] };
  }

  private settle(event: OnboardingEvent, outcome: Parameters<typeof settle>[2]): void {
    this.queue = settle(this.queue, event.sequence, outcome);
    this.trying = undefined;
    this.publish();
  }

  private publish(end?: DeliveryEnd): void {
    setCurrentDetails(deliveryDetailsOf(this.status(), end));
    const hasGivenUp = givenUp(this.queue).length > 0;
    if (hasGivenUp === this.showsGivenUp) return;
    this.showsGivenUp = hasGivenUp;
    upsertSearchAttributes([{ key: AttentionReasonKey, value: hasGivenUp ? 'eventGivenUp' : null }]);
  }
}

/** Whether an operator's `resend` ended the attempt, rather than a cancellation of the whole run. */
function isResend(error: unknown, attempt: CancellationScope): boolean {
  return isCancellation(error) && attempt.consideredCancelled && !CancellationScope.current().consideredCancelled;
}

function now(): string {
  return new Date(Date.now()).toISOString();
}
