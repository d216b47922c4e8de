import { ApplicationFailure, condition, log, setHandler, uuid4 } from '@temporalio/workflow';
import { readAcceptance, readDecline, readVisit, type Receipt } from '../onboarding/acceptance';
import { UNREADABLE } from '../onboarding/request';
import type { Decline } from '../onboarding/view';
import {
  customerAcceptedSignal,
  declineUpdate,
  onboardingStatusQuery,
  pageVisitedSignal,
  recordAcceptanceUpdate,
  renewAttestationUpdate,
  retrySignal,
} from './messages';
import type { OnboardingRecord } from './onboarding-record';
import {
  declineRejectionOf,
  isClosed,
  isLive,
  type OnboardingState,
  recordAcceptance,
  recordVisit,
  rejectionOf,
  renewalRejectionOf,
} from './state';

/**
 * Registers every message handler of a run. All but the renewal are synchronous: answered from one consistent state.
 * What a signal carries can be refused but never fails the run.
 */
export function registerHandlers(run: OnboardingRecord): void {
  setHandler(onboardingStatusQuery, () => run.view(), {
    description: 'What the onboarding is waiting for, and what has happened so far.',
  });
  setHandler(
    customerAcceptedSignal,
    (input?: unknown) => {
      // Nobody can tell what it was; an acceptance with unreadable members is another matter and counts.
      if (input === UNREADABLE) return log.warn('customerAccepted was ignored', { reason: 'unreadable' });
      const rejection = rejectionOf(run.state, readAcceptance(input).acceptance, Date.now());
      if (rejection === undefined) accept(run, input);
      else log.warn('customerAccepted was ignored', { reason: rejection });
    },
    { description: 'The customer has accepted. Ignored before the invitation and when it came too late.' },
  );
  setHandler(recordAcceptanceUpdate, (input?: unknown) => accept(run, input), {
    validator: (input?: unknown) => checkAcceptance(run.state, input),
    description: 'The same as customerAccepted, answered with a receipt or with the reason of its refusal.',
  });
  setHandler(declineUpdate, (input: unknown) => decline(run, input), {
    validator: (input: unknown) => checkDecline(run.state, input),
    description: 'The customer does not accept: { code: doesNotAccept | wrongPerson | other, comment? }.',
  });
  setHandler(renewAttestationUpdate, () => renew(run), {
    validator: () => checkRenewal(run.state),
    description: 'Mints the next attestation when the last one has run out; answers with the one that is live.',
  });
  setHandler(
    pageVisitedSignal,
    (input: unknown) => {
      const visit = readVisit(input, Date.now());
      if (visit !== undefined) run.state = recordVisit(run.state, visit);
    },
    { description: 'The signatory’s page was opened, or Microsoft’s frame in it was used.' },
  );
  setHandler(
    retrySignal,
    () => {
      if (run.state.status === 'needsAttention') run.retryRequested = true;
      else log.warn('retry was ignored: the run needs no attention', { status: run.state.status });
    },
    { description: 'Goes on from where a run in needsAttention stood; ignored at any other time.' },
  );
}

function accept(run: OnboardingRecord, input: unknown): Receipt {
  const { acceptance, dropped } = readAcceptance(input);
  if (dropped.length > 0) log.warn('An acceptance had unreadable members, which were left out', { dropped });
  const { state, receipt } = recordAcceptance(run.state, acceptance, uuid4, Date.now());
  if (state.acceptance?.claimedAcceptedAt !== undefined && state.acceptance !== run.state.acceptance) {
    log.warn('An acceptance claimed an impossible time; the time of its receipt counts', {
      claimedAcceptedAt: state.acceptance.claimedAcceptedAt,
    });
  }
  run.state = state;
  return receipt;
}

function checkAcceptance(state: OnboardingState, input: unknown): void {
  if (input === UNREADABLE) throw refusal('Unreadable', 'The argument cannot be read.');
  const rejection = rejectionOf(state, readAcceptance(input).acceptance, Date.now());
  switch (rejection) {
    case undefined:
      return;
    case 'notYetInvited':
      throw refusal('NotYetInvited', 'There is no attestation yet that the customer could have accepted.');
    case 'declined':
      throw refusal('Declined', 'The customer has declined.');
    case 'tooLate':
      throw refusal('TooLate', `The customer accepted after the end of the link, ${state.acceptBy}.`);
  }
}

function decline(run: OnboardingRecord, input: unknown): { declinedAt: string } {
  const { code, comment } = readDecline(input) as Pick<Decline, 'code' | 'comment'>; // as its validator has found it
  const declinedAt = run.state.decline?.declinedAt ?? new Date(Date.now()).toISOString();
  run.state = { ...run.state, decline: { code, ...(comment !== undefined && { comment }), declinedAt } };
  return { declinedAt };
}

function checkDecline(state: OnboardingState, input: unknown): void {
  const read = readDecline(input);
  if (typeof read === 'string') throw refusal('InvalidDecline', read);
  switch (declineRejectionOf(state)) {
    case undefined:
      return;
    case 'accepted':
      throw refusal('Accepted', 'An acceptance stands, so the agreement may exist already.');
    case 'notYetInvited':
      throw refusal('NotYetInvited', 'Nobody was invited yet; cancel the run instead.');
  }
}

/** Answered by the story, which mints between its waits; an answer of the customer or an end makes it pointless. */
async function renew(run: OnboardingRecord): Promise<{ round: number; expiresAt: string }> {
  if (!isLive(run.state, Date.now())) {
    const known = run.state.rounds.length;
    run.renewalRequested = true;
    await condition(() => run.state.rounds.length > known || !run.renewalRequested || isParkedOrClosed(run.state));
    if (run.state.rounds.length === known) {
      throw refusal('NotRenewed', 'No new attestation could be had; the onboarding’s status says why.');
    }
  }
  return { round: run.state.rounds.length, expiresAt: run.state.rounds.at(-1)!.expiresAt };
}

function isParkedOrClosed(state: OnboardingState): boolean {
  return state.status === 'needsAttention' || isClosed(state);
}

function checkRenewal(state: OnboardingState): void {
  const reasons = {
    notYetInvited: ['NotYetInvited', 'There is no attestation yet to renew.'],
    answered: ['Answered', 'The customer has answered already.'],
    needsAttention: ['NeedsAttention', 'The onboarding waits for an operator.'],
    tooMany: ['TooManyRenewals', 'This link has used up its attestations.'],
  } as const;
  const rejection = renewalRejectionOf(state, Date.now());
  if (rejection === undefined) return;
  const [type, message] = reasons[rejection];
  throw refusal(type, message);
}

function refusal(type: string, message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, type);
}
