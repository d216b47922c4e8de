/** What becomes of the events of one onboarding on their way to the CRM. */
import { isLastEvent, type OnboardingEvent } from './events';

export interface DeliveryOrder {
  /** `dealId` or `resellerId:dealId`. */
  onboardingId: string;
  /** The onboarding's run: its events are counted from 1, and their ids at the CRM begin with it. */
  runId: string;
  callbackUrl: string;
}

export type EventDelivery = Pick<OnboardingEvent, 'sequence' | 'type' | 'timestamp'> & DeliveryState;

export interface DeliveryState {
  /** `pending`: waiting or being tried. `givenUp`: abandoned, and not tried again until an operator resends it. */
  state: 'pending' | 'delivered' | 'givenUp';
  settledAt?: string;
  failure?: DeliveryFailure;
}

/** Why an event was not delivered: never a URL, a body or a secret. */
export interface DeliveryFailure {
  /** One of the delivery failure types. */
  type: string;
  title: string;
  /** The CRM's last answer, where there was one. */
  status?: number;
}

/** An event with what became of it; one run of a delivery carries all of them over to the next. */
export interface QueuedEvent {
  event: OnboardingEvent;
  delivery: EventDelivery;
}

/** `gone`: the CRM answered 410 and wants no more events. `silence`: no event came for 45 days. */
export type DeliveryEnd = 'lastEvent' | 'gone' | 'silence';

export interface DeliverySummary {
  ended: DeliveryEnd;
  givenUp: number[];
  events: EventDelivery[];
}

export interface DeliveryStatus {
  onboardingId: string;
  /** The event being tried right now, and since when. */
  trying?: { sequence: number; since: string };
  events: EventDelivery[];
}

/** Everything one run of a delivery knows: enough for a report, and for a new run that sends events again. */
export interface DeliveryRecord {
  order: DeliveryOrder;
  trying?: DeliveryStatus['trying'];
  /** In the order of their sequence numbers. */
  events: QueuedEvent[];
}

/** The literal `type` of each failure of a delivery; part of recorded histories: add, never rename. */
export const deliveryFailureRules = {
  EventNotDelivered: { retried: true, title: 'The CRM did not accept the event.' },
  CallbacksOff: {
    retried: true,
    title: 'The worker has no callbacks configured: set CRM_CALLBACK_ALLOWED_HOSTS and CRM_CALLBACK_SECRETS.',
  },
  EventGone: { retried: false, title: 'The CRM wants no more events of this onboarding (410).' },
  CallbackNotAllowed: { retried: false, title: 'Events may not be sent to the callback URL of this onboarding.' },
} as const satisfies Record<string, { retried: boolean; title: string }>;

export type DeliveryFailureType = keyof typeof deliveryFailureRules;

export const deliveryFailureTypes = Object.keys(deliveryFailureRules) as DeliveryFailureType[];

export function isDeliveryFailureType(type: unknown): type is DeliveryFailureType {
  return typeof type === 'string' && Object.hasOwn(deliveryFailureRules, type);
}

/** The events of one onboarding, by rising sequence number. */
export type EventQueue = readonly QueuedEvent[];

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
export function setDeliveryState(queue: EventQueue, sequences: readonly number[], state: DeliveryState): EventQueue {
  return queue.map(({ event, delivery }) => ({
    event,
    delivery: sequences.includes(event.sequence) ? toDelivery(event, state) : delivery,
  }));
}

export function isComplete(queue: EventQueue): boolean {
  return queue.some(({ event }) => isLastEvent(event));
}

export function getAbandoned(queue: EventQueue): EventDelivery[] {
  return queue.map(({ delivery }) => delivery).filter(({ state }) => state === 'givenUp');
}

function toDelivery({ sequence, type, timestamp }: OnboardingEvent, state: DeliveryState): EventDelivery {
  return { sequence, type, timestamp, ...state };
}
