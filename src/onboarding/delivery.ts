/** What a run hands to the delivery of its events, and what became of them. */
import type { EventType, OnboardingEvent } from './events';

/** Whose events are delivered, and where to. */
export interface DeliveryOrder {
  /** `dealId` or `resellerId:dealId`. */
  onboardingId: string;
  /** The run of the onboarding: its events count from 1, and their ids at the CRM begin with it. */
  runId: string;
  callbackUrl: string;
}

/** `pending`: waiting or being tried. `givenUp`: the CRM did not take it, and no more is tried until it is resent. */
export type DeliveryState = 'pending' | 'delivered' | 'givenUp';

/** What became of one event. */
export interface EventDelivery {
  sequence: number;
  type: EventType;
  timestamp: string;
  state: DeliveryState;
  /** When it was delivered or given up. */
  settledAt?: string;
  /** Why it was given up. */
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

/** An event with what became of it, as one delivery run hands it to the next. */
export interface CarriedOverEvent {
  event: OnboardingEvent;
  delivery: EventDelivery;
}

/** `gone`: the CRM answered 410 and hears no more. `silence`: no event came for long. */
export type DeliveryEnd = 'lastEvent' | 'gone' | 'silence';

export interface DeliverySummary {
  ended: DeliveryEnd;
  /** The sequence numbers of events that the CRM never took. */
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
  /** The event being tried right now, and since when. */
  trying?: { sequence: number; since: string };
  /** In the order of their sequence numbers. */
  events: CarriedOverEvent[];
}

/** The literal `type` of each failure of a delivery; part of recorded histories: add, never rename. */
export const deliveryFailureRules = {
  EventNotDelivered: { retried: true, title: 'The CRM did not take the event.' },
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

/** After one of these an onboarding has no more to tell. */
const lastEventTypes: readonly EventType[] = [
  'onboarding.agreementCreated',
  'onboarding.agreementAlreadyExists',
  'onboarding.expired',
  'onboarding.declined',
  'onboarding.attestationRejected',
  'onboarding.cancelled',
];

export function isLastEvent(type: EventType): boolean {
  return lastEventTypes.includes(type);
}

/** The queue on which a worker takes deliveries, so that a cap on calls to Partner Center does not slow them. */
export function toEventsTaskQueue(taskQueue: string): string {
  return `${taskQueue}-events`;
}
