/** The events of a delivery and what became of each, read from its history: open or closed, and without a worker. */
import type { LoadedDataConverter } from '@temporalio/common';
import {
  decodeArrayFromPayloads,
  decodeOptionalFailureToOptionalError,
} from '@temporalio/common/lib/internal-non-workflow';
import type { History } from '@temporalio/common/lib/proto-utils';
import { tsToMs } from '@temporalio/common/lib/time';
import type { DeliveryOrder, CarriedOverEvent } from '../onboarding/delivery';
import type { OnboardingEvent } from '../onboarding/events';
import { deliveryFailureFrom } from '../workflows/delivery-failure';
import { deliverSignal, resendSignal } from '../workflows/delivery-messages';
import { addEvent, type EventQueue, isEvent, reopen, settle } from '../workflows/event-queue';

type HistoryEvent = NonNullable<History['events']>[number];
type Payloads = Parameters<typeof decodeArrayFromPayloads>[1];

/** What a delivery was told to do, and how far it has come. */
export interface RecordedDelivery {
  order: DeliveryOrder;
  queue: EventQueue;
}

/** Follows a delivery's history from its first event to its last. @throws Error for the history of another workflow. */
export async function readDeliveryHistory(
  { events }: History,
  converter: LoadedDataConverter,
): Promise<RecordedDelivery> {
  const [started, ...rest] = events ?? [];
  const input = started?.workflowExecutionStartedEventAttributes?.input?.payloads;
  const [order, first, carriedOver = []] = (await decodeArrayFromPayloads(converter, input)) as [
    DeliveryOrder,
    OnboardingEvent,
    CarriedOverEvent[]?,
  ];
  const reader = new HistoryReader(converter, addEvent(carriedOver, first));
  for (const event of rest) await reader.read(event);
  return { order, queue: reader.queue };
}

class HistoryReader {
  /** The sequence number that each activity delivers, by the id of the history event that scheduled it. */
  private readonly scheduled = new Map<string, number>();

  constructor(
    private readonly converter: LoadedDataConverter,
    public queue: EventQueue,
  ) {}

  async read(event: HistoryEvent): Promise<void> {
    const {
      workflowExecutionSignaledEventAttributes: signal,
      activityTaskScheduledEventAttributes: scheduled,
      activityTaskCompletedEventAttributes: completed,
      activityTaskFailedEventAttributes: failed,
      activityTaskTimedOutEventAttributes: timedOut,
    } = event;
    if (signal) {
      await this.readSignal(signal.signalName, signal.input?.payloads);
    } else if (scheduled) {
      const [, delivered] = await this.decode<[DeliveryOrder, OnboardingEvent]>(scheduled.input?.payloads);
      this.scheduled.set(String(event.eventId), delivered.sequence);
    } else if (completed) {
      this.settle(completed.scheduledEventId, event, { state: 'delivered' });
    } else if (failed ?? timedOut) {
      const { scheduledEventId, failure } = (failed ?? timedOut)!;
      const reason = deliveryFailureFrom(await decodeOptionalFailureToOptionalError(this.converter, failure));
      if (reason !== 'neverStarted') this.settle(scheduledEventId, event, { state: 'givenUp', failure: reason });
    }
  }

  private async readSignal(name: string | null | undefined, payloads: Payloads): Promise<void> {
    const [argument] = await this.decode<[unknown]>(payloads);
    if (name === deliverSignal.name && isEvent(argument)) this.queue = addEvent(this.queue, argument);
    if (name === resendSignal.name && Array.isArray(argument)) this.queue = reopen(this.queue, argument as number[]);
  }

  private settle(
    scheduledEventId: unknown,
    { eventTime }: HistoryEvent,
    outcome: Pick<Parameters<typeof settle>[2], 'state' | 'failure'>,
  ): void {
    const sequence = this.scheduled.get(String(scheduledEventId));
    const settledAt = new Date(tsToMs(eventTime)).toISOString();
    if (sequence !== undefined) this.queue = settle(this.queue, sequence, { ...outcome, settledAt });
  }

  private async decode<T extends unknown[]>(payloads: Payloads): Promise<T> {
    return (await decodeArrayFromPayloads(this.converter, payloads)) as T;
  }
}
