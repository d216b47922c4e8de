/** The events that a CRM receives. */
import { outcomes } from './status';
import type { OnboardingView } from './view';

/** After one of these an onboarding sends no more events: one for each outcome, and the cancellation. */
const lastEventTypes = [...outcomes, 'cancelled' as const].map((end) => `onboarding.${end}` as const);

/** One event for each step that a CRM user wants to know of. Consumers must expect further types. */
export const eventTypes = [
  'onboarding.awaitingAcceptance',
  'onboarding.accepted',
  'onboarding.acceptanceNotFound',
  'onboarding.reminderDue',
  'onboarding.needsAttention',
  ...lastEventTypes,
] as const;
export type EventType = (typeof eventTypes)[number];

/** An event as the onboarding passes it to its delivery, with the complete view. */
export interface OnboardingEvent {
  type: EventType;
  /** ISO 8601, UTC. */
  timestamp: string;
  /** Counts the events of one run from 1, in their order. */
  sequence: number;
  view: OnboardingView;
}

export function isLastEvent({ type }: OnboardingEvent): boolean {
  return (lastEventTypes as readonly EventType[]).includes(type);
}

/** Whether a signal's argument is an event: one sent by hand may be anything. */
export function isEvent(value: unknown): value is OnboardingEvent {
  const { sequence, type, view } = (value ?? {}) as Partial<OnboardingEvent>;
  return Number.isInteger(sequence) && typeof type === 'string' && typeof view === 'object' && view !== null;
}
