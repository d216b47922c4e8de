import type { AttestedRequest } from '../onboarding/request';
import { type OnboardingState, plusMinutes } from './state';

export interface WakeUp {
  /** Epoch milliseconds. */
  at: number;
  summary: string;
  /** How many reminders are due by then; 0 when it is for something else. */
  reminders: number;
}

/**
 * What a waiting run wakes for next: a reminder, the end of its attestation, the end of the link. A link may outlive
 * its attestation, and a query tells only what a run woke up to.
 */
export function nextWakeUp(state: OnboardingState, request: AttestedRequest, now: number): WakeUp {
  const linkEnd = { at: Date.parse(state.acceptBy!), summary: 'End of the link', reminders: 0 };
  const roundEnd = { at: Date.parse(state.rounds.at(-1)!.expiresAt), summary: 'End of the attestation', reminders: 0 };
  const reminder = nextReminder(state, request, now);
  return [linkEnd, ...(roundEnd.at > now ? [roundEnd] : []), ...(reminder === undefined ? [] : [reminder])].reduce(
    (first, next) => (next.at < first.at ? next : first),
  );
}

/** After an outage several may be due at once: one event tells of them all. None once an acceptance was claimed. */
function nextReminder(state: OnboardingState, request: AttestedRequest, now: number): WakeUp | undefined {
  const { remindAfterMinutes, callbackUrl } = request;
  const since = state.rounds[0]?.requestedAt;
  if (remindAfterMinutes === undefined || callbackUrl === undefined || since === undefined) return undefined;
  if (state.acceptance !== undefined) return undefined;
  const times = remindAfterMinutes.toSorted((a, b) => a - b).map((minutes) => Date.parse(plusMinutes(since, minutes)));
  const due = times.filter((time) => time <= now).length;
  const index = Math.max(state.remindersSent, due - 1);
  const at = times[index];
  return at === undefined ? undefined : { at, summary: 'Until the reminder', reminders: index + 1 };
}
