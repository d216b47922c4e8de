/** The events of one onboarding and what became of each: pure, so that every rule can be tested without a server. */
import {
  type CarriedOverEvent,
  type DeliveryOutcome,
  type EventDelivery,
  isLastEvent,
  type OnboardingEvent,
} from '../onboarding/events';

/** By sequence number, in rising order. */
export type EventQueue = readonly CarriedOverEvent[];

/** Adds an event to deliver; one that is known already is left unchanged. */
export function addEvent(queue: EventQueue, event: OnboardingEvent): EventQueue {
  if (queue.some((known) => known.event.sequence === event.sequence)) return queue;
  const delivery = toDelivery(event, { state: 'pending' });
  return [...queue, { event, delivery }].toSorted((a, b) => a.event.sequence - b.event.sequence);
}

/** The first event that is neither delivered nor abandoned. */
export function getNextPending(queue: EventQueue): OnboardingEvent | undefined {
  return queue.find(({ delivery }) => delivery.state === 'pending')?.event;
}

/** Sets what became of these events, `pending` to deliver them again; unknown numbers are ignored. */
export function setOutcome(queue: EventQueue, sequences: readonly number[], outcome: DeliveryOutcome): EventQueue {
  return queue.map(({ event, delivery }) => ({
    event,
    delivery: sequences.includes(event.sequence) ? toDelivery(event, outcome) : delivery,
  }));
}

/** Whether the onboarding's last event is known. */
export function isComplete(queue: EventQueue): boolean {
  return queue.some(({ event }) => isLastEvent(event.type));
}

export function getAbandoned(queue: EventQueue): EventDelivery[] {
  return queue.map(({ delivery }) => delivery).filter(({ state }) => state === 'givenUp');
}

/** Whether a signal's argument is an event: one sent by hand may be anything. */
export function isEvent(value: unknown): value is OnboardingEvent {
  const { sequence, type, view } = (value ?? {}) as Partial<OnboardingEvent>;
  return Number.isInteger(sequence) && typeof type === 'string' && typeof view === 'object' && view !== null;
}

function toDelivery({ sequence, type, timestamp }: OnboardingEvent, outcome: DeliveryOutcome): EventDelivery {
  return { sequence, type, timestamp, ...outcome };
}
