/** What the CRM hears: one event for each step that a CRM user would want to know of. Consumers must expect more types. */
import type { OnboardingView } from './view';

export const eventTypes = [
  'onboarding.awaitingAcceptance',
  'onboarding.accepted',
  'onboarding.acceptanceNotFound',
  'onboarding.reminderDue',
  'onboarding.needsAttention',
  'onboarding.agreementCreated',
  'onboarding.agreementAlreadyExists',
  'onboarding.expired',
  'onboarding.declined',
  'onboarding.attestationRejected',
  'onboarding.cancelled',
] as const;
export type EventType = (typeof eventTypes)[number];

/** An event as the run hands it to its delivery; the view is the run's own, with everything in it. */
export interface OnboardingEvent {
  type: EventType;
  /** ISO 8601, UTC. */
  timestamp: string;
  /** Counts the events of one run from 1, in their order. */
  sequence: number;
  view: OnboardingView;
}

/** The version of the body that callers receive. */
export const EVENT_VERSION = 1;
