/** The events of one onboarding and what became of each: pure, so that every rule can be tested without a server. */
import { type EventDelivery, type CarriedOverEvent, isLastEvent } from '../onboarding/events';
import type { OnboardingEvent } from '../onboarding/events';

/** By sequence number, in rising order. */
export type EventQueue = readonly CarriedOverEvent[];

/** Adds an event that is to be delivered; one that is known stays as it is. */
export function addEvent(queue: EventQueue, event: OnboardingEvent): EventQueue {
  if (queue.some((known) => known.event.sequence === event.sequence)) return queue;
  return [...queue, { event, delivery: pending(event) }].toSorted((a, b) => a.event.sequence - b.event.sequence);
}

/** The first event that is not settled: what came earlier is delivered earlier. */
export function firstPending(queue: EventQueue): OnboardingEvent | undefined {
  return queue.find(({ delivery }) => delivery.state === 'pending')?.event;
}

export function settle(
  queue: EventQueue,
  sequence: number,
  outcome: Pick<EventDelivery, 'state' | 'settledAt' | 'failure'>,
): EventQueue {
  return queue.map((known) =>
    known.event.sequence === sequence ? { ...known, delivery: { ...pending(known.event), ...outcome } } : known,
  );
}

/** Has these events delivered again; numbers without an event are ignored. */
export function reopen(queue: EventQueue, sequences: readonly number[]): EventQueue {
  return queue.map((known) =>
    sequences.includes(known.event.sequence) ? { ...known, delivery: pending(known.event) } : known,
  );
}

/** Whether the onboarding has no more to tell. */
export function isComplete(queue: EventQueue): boolean {
  return queue.some(({ event }) => isLastEvent(event.type));
}

export function givenUp(queue: EventQueue): EventDelivery[] {
  return queue.map(({ delivery }) => delivery).filter(({ state }) => state === 'givenUp');
}

/** Whether a message carries an event: what is sent by hand may be anything. */
export function isEvent(value: unknown): value is OnboardingEvent {
  const { sequence, type, view } = (value ?? {}) as Partial<OnboardingEvent>;
  return Number.isInteger(sequence) && typeof type === 'string' && typeof view === 'object' && view !== null;
}

function pending({ sequence, type, timestamp }: OnboardingEvent): EventDelivery {
  return { sequence, type, timestamp, state: 'pending' };
}
