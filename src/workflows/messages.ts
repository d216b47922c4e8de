/**
 * The messages of an onboarding and their handlers, each of which describes its message. Outside callers depend on these
 * names: add, never rename.
 */
import {
  ApplicationFailure,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  log,
  setHandler,
  uuid4,
} from '@temporalio/workflow';
import {
  type Acceptance,
  type DeclineCode,
  type PageVisit,
  readAcceptance,
  readDecline,
  readVisit,
  type Receipt,
} from '../onboarding/acceptance';
import { UNREADABLE } from '../onboarding/request';
import type { Decline, OnboardingView } from '../onboarding/view';
import type { OnboardingRun } from './onboarding-run';
import {
  getAcceptanceRejection,
  getDeclineRejection,
  getRenewalRejection,
  isAttestationLive,
  isClosed,
  type OnboardingState,
  recordAcceptance,
  recordVisit,
} from './state';
import { now } from './time';

/** Has no answer, but is stored immediately, even while no worker is running. */
export const customerAcceptedSignal = defineSignal<[Acceptance?]>('customerAccepted');
export const retrySignal = defineSignal('retry');
export const recordAcceptanceUpdate = defineUpdate<Receipt, [Acceptance]>('recordAcceptance');
/** Ends the run, unless the customer has accepted before. */
export const declineUpdate = defineUpdate<{ declinedAt: string }, [{ code: DeclineCode; comment?: string }]>('decline');
export const renewAttestationUpdate = defineUpdate<{ round: number; expiresAt: string }>('renewAttestation');
export const pageVisitedSignal = defineSignal<[PageVisit]>('pageVisited');
export const onboardingStatusQuery = defineQuery<OnboardingView>('onboardingStatus');

/**
 * Registers every message handler of a run. All but the renewal are synchronous, so each sees one consistent state.
 * A signal with a bad argument never fails the run: it is ignored and, except for a page visit, logged.
 */
export function registerHandlers(run: OnboardingRun): void {
  setHandler(onboardingStatusQuery, () => run.getView(), {
    description: 'What the onboarding is waiting for, and what has happened so far.',
  });
  setHandler(
    customerAcceptedSignal,
    (input?: unknown) => {
      // An argument that cannot be decoded is ignored; an acceptance with some unreadable members counts.
      if (input === UNREADABLE) return log.warn('customerAccepted was ignored', { reason: 'unreadable' });
      const rejection = getAcceptanceRejection(run.state, readAcceptance(input).acceptance, Date.now());
      if (rejection === undefined) accept(run, input);
      else log.warn('customerAccepted was ignored', { reason: rejection });
    },
    {
      description:
        'The customer has accepted. Ignored before the invitation, after a decline, and when it comes too late.',
    },
  );
  setHandler(recordAcceptanceUpdate, (input?: unknown) => accept(run, input), {
    validator: (input?: unknown) => checkAcceptance(run.state, input),
    description: 'The same as customerAccepted, answered with a receipt or with the reason why it is rejected.',
  });
  setHandler(declineUpdate, (input: unknown) => decline(run, input), {
    validator: (input: unknown) => checkDecline(run.state, input),
    description: 'The customer does not accept: { code: doesNotAccept | wrongPerson | other, comment? }.',
  });
  setHandler(renewAttestationUpdate, () => renew(run), {
    validator: () => checkRenewal(run.state),
    description: 'Creates the next attestation when the last one has expired; answers with the one that is live.',
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
      else log.warn('retry was ignored: the run does not need attention', { status: run.state.status });
    },
    { description: 'Continues a run in needsAttention from where it stopped; ignored at any other time.' },
  );
}

function accept(run: OnboardingRun, input: unknown): Receipt {
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
  if (input === UNREADABLE) throw toRejection('Unreadable', 'The argument cannot be read.');
  throwIfRejected(getAcceptanceRejection(state, readAcceptance(input).acceptance, Date.now()), {
    notYetInvited: ['NotYetInvited', 'There is no attestation yet that the customer could have accepted.'],
    declined: ['Declined', 'The customer has declined.'],
    tooLate: ['TooLate', `The customer accepted after the end of the link, ${state.acceptBy}.`],
  });
}

function decline(run: OnboardingRun, input: unknown): { declinedAt: string } {
  const { code, comment } = readDecline(input) as Pick<Decline, 'code' | 'comment'>; // its validator has checked it
  const declinedAt = run.state.decline?.declinedAt ?? now();
  run.state = { ...run.state, decline: { code, comment, declinedAt } };
  return { declinedAt };
}

function checkDecline(state: OnboardingState, input: unknown): void {
  const read = readDecline(input);
  if (typeof read === 'string') throw toRejection('InvalidDecline', read);
  throwIfRejected(getDeclineRejection(state), {
    accepted: ['Accepted', 'The customer has accepted, so the agreement may exist already.'],
    notYetInvited: ['NotYetInvited', 'The customer has not been invited yet; cancel the run instead.'],
  });
}

/** The workflow creates the attestation between its waits, unless the customer decides or the run stops first. */
async function renew(run: OnboardingRun): Promise<{ round: number; expiresAt: string }> {
  if (!isAttestationLive(run.state, Date.now())) {
    const known = run.state.rounds.length;
    run.renewalRequested = true;
    const hasStopped = () => run.state.status === 'needsAttention' || isClosed(run.state);
    await condition(() => run.state.rounds.length > known || !run.renewalRequested || hasStopped());
    if (run.state.rounds.length === known) {
      throw toRejection('NotRenewed', 'No new attestation could be created; the onboarding’s status says why.');
    }
  }
  return { round: run.state.rounds.length, expiresAt: run.state.rounds.at(-1)!.expiresAt };
}

function checkRenewal(state: OnboardingState): void {
  throwIfRejected(getRenewalRejection(state, Date.now()), {
    notYetInvited: ['NotYetInvited', 'There is no attestation yet to renew.'],
    answered: ['Answered', 'The customer has already accepted or declined.'],
    needsAttention: ['NeedsAttention', 'The onboarding is waiting for an operator.'],
    tooMany: ['TooManyRenewals', 'This link has reached its limit of attestations.'],
  });
}

function throwIfRejected<R extends string>(rejection: R | undefined, failures: Record<R, [string, string]>): void {
  if (rejection === undefined) return;
  const [type, message] = failures[rejection];
  throw toRejection(type, message);
}

function toRejection(type: string, message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, type);
}
