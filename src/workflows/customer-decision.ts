import { condition } from '@temporalio/workflow';
import { type AttestedRequest, usesPrimaryContact } from '../onboarding/request';
import { InterruptedError, type PartnerCenterCalls } from './calls';
import type { OnboardingRun } from './onboarding-run';
import { addRound, type Ending, hasDecided, MAX_REFUSALS, type OnboardingState, reinstateAcceptance } from './state';
import { addMinutes } from './time';

/**
 * Waits for the customer until the end of the link. A run never expires after an acceptance was reported: it waits for
 * an operator instead.
 */
export async function awaitCustomerDecision(
  run: OnboardingRun,
  calls: PartnerCenterCalls,
): Promise<'accepted' | Ending> {
  if (run.state.refusals < MAX_REFUSALS) {
    const rejected = await waitForDecisionOrLinkEnd(run, calls);
    if (rejected) return rejected;
  }
  // The state decides, not what woke the run: an acceptance that arrives together with the deadline wins.
  if (run.state.isAccepted) return 'accepted';
  if (run.state.decline) return { outcome: 'declined' };
  if (run.state.acceptance === undefined) {
    return { outcome: 'expired', acceptanceUnconfirmed: run.state.page?.frameUsedAt ? true : undefined };
  }
  await run.waitForOperator('refused', run.state.problem);
  if (run.state.decline) return { outcome: 'declined' };
  run.state = reinstateAcceptance(run.state);
  return 'accepted';
}

/** Returns once the customer has decided or the link has ended; until then sends reminders and renews the attestation. */
async function waitForDecisionOrLinkEnd(run: OnboardingRun, calls: PartnerCenterCalls): Promise<Ending | undefined> {
  const { request } = run;
  const { acceptBy, acceptance } = run.state;
  if (acceptBy === undefined || usesPrimaryContact(request)) return undefined;
  run.setStatus('awaitingAcceptance');
  if (acceptance !== undefined && !run.state.isAccepted) run.events.announce('onboarding.acceptanceNotFound');

  while (!hasDecided(run.state) && Date.now() < Date.parse(acceptBy)) {
    if (run.renewalRequested) {
      const rejected = await renewAttestation(run, calls, request);
      if (rejected) return rejected;
      continue;
    }
    const wakeUp = getNextWakeUp(run.state, request, Date.now());
    const remainingMs = Math.max(wakeUp.at - Date.now(), 1);
    const shouldWake = () => hasDecided(run.state) || run.renewalRequested;
    const wokenEarly = await condition(shouldWake, remainingMs, { summary: wakeUp.summary });
    if (!wokenEarly && wakeUp.reminders > 0) {
      run.state = { ...run.state, remindersSent: wakeUp.reminders };
      run.events.announce('onboarding.reminderDue');
    }
    run.updateDisplay();
  }
  return undefined;
}

/** Creates the next attestation for the same link, unless the customer decides or the link ends first. */
async function renewAttestation(
  run: OnboardingRun,
  calls: PartnerCenterCalls,
  request: AttestedRequest,
): Promise<Ending | undefined> {
  try {
    const { value, failure } = await calls.createAttestation(request.attestation, 'awaitingAcceptance', {
      when: () => hasDecided(run.state),
      at: Date.parse(run.state.acceptBy!),
    });
    if (failure) return { outcome: 'attestationRejected', problem: failure.problem };
    run.state = addRound(run.state, request, value);
    run.setStatus('awaitingAcceptance');
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
  } finally {
    run.renewalRequested = false;
  }
  return undefined;
}

interface WakeUp {
  /** Epoch milliseconds. */
  at: number;
  summary: string;
  /** How many reminders are due by then; 0 when it is for something else. */
  reminders: number;
}

/**
 * What a waiting run wakes for next: a reminder, the end of its attestation, or the end of the link. A link may be
 * valid for longer than its attestation, and the Temporal UI shows the state as of the last wake-up.
 */
export function getNextWakeUp(state: OnboardingState, request: AttestedRequest, now: number): WakeUp {
  const linkEnd = { at: Date.parse(state.acceptBy!), summary: 'End of the link', reminders: 0 };
  const roundEnd = { at: Date.parse(state.rounds.at(-1)!.expiresAt), summary: 'End of the attestation', reminders: 0 };
  const reminder = getNextReminder(state, request, now);
  const wakeUps = [linkEnd, roundEnd.at > now && roundEnd, reminder].filter((wakeUp) => !!wakeUp);
  return wakeUps.reduce((first, next) => (next.at < first.at ? next : first));
}

/** After an outage several can be due together: one event covers them all. None once an acceptance was reported. */
function getNextReminder(state: OnboardingState, request: AttestedRequest, now: number): WakeUp | undefined {
  const { remindAfterMinutes, callbackUrl } = request;
  if (remindAfterMinutes === undefined || callbackUrl === undefined || state.acceptance !== undefined) return undefined;
  const since = state.rounds[0]!.requestedAt;
  const times = remindAfterMinutes.toSorted((a, b) => a - b).map((minutes) => Date.parse(addMinutes(since, minutes)));
  const due = times.filter((time) => time <= now).length;
  const index = Math.max(state.remindersSent, due - 1);
  const at = times[index];
  return at === undefined ? undefined : { at, summary: 'Until the reminder', reminders: index + 1 };
}
