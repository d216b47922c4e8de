/** The calls to Partner Center: options, backoff, how a failure is read, and the loop that repeats a call. */
import {
  ActivityCancellationType,
  ActivityFailure,
  type ActivityOptions,
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  condition,
  isCancellation,
  log,
  proxyActivities,
  TimeoutFailure,
  uuid4,
} from '@temporalio/workflow';
import type { Activities } from '../activities';
import type { CreateAgreementInput } from '../activities/create-agreement';
import type { CallFailureDetails } from '../activities/failures';
import type { CallIds } from '../activities/partner-center-call';
import { type FailureType, failureRules, failureTypes, isFailureType } from '../onboarding/failures';
import type { Attestation } from '../onboarding/request';
import type { OnboardingStatus, Problem } from '../onboarding/view';
import type { Interruption, OnboardingRun } from './onboarding-run';
import type { Ending } from './state';
import { now } from './time';

const partnerCenterCall: ActivityOptions = {
  startToCloseTimeout: '150s', // two HTTP calls of at most 60 s each (the second after a 401), two token calls
  heartbeatTimeout: '10s', // detects a dead worker; a normal call ends before its first heartbeat
  scheduleToCloseTimeout: '24h', // after a longer outage of Partner Center an operator must know of it
  // The answer of a Create Agreement call in progress decides the outcome, also of a cancelled run.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: {
    initialInterval: '1s',
    backoffCoefficient: 2,
    maximumInterval: '1 minute',
    // Each failure already says whether it is final; the list makes the rule visible in every history.
    nonRetryableErrorTypes: failureTypes.filter((type) => !failureRules[type].retried),
  },
};

/** Best effort: it delays the end of a run by at most a minute and a half. */
const activityLogRead: ActivityOptions = {
  startToCloseTimeout: '60s', // all pages of one customer's activity log
  heartbeatTimeout: '10s', // without it, a worker that dies would delay the end of the run by that minute
  scheduleToCloseTimeout: '90s',
  retry: { initialInterval: '2s', maximumAttempts: 3 },
};

const getActivities = (options: ActivityOptions) => proxyActivities<Activities>(options);
const activities = {
  createAttestation: getActivities({ ...partnerCenterCall, summary: 'Create attestation' }).createAttestation,
  createAgreement: getActivities({ ...partnerCenterCall, summary: 'Create agreement' }).createAgreement,
  findAgreementRecord: getActivities({ ...activityLogRead, summary: 'Look for the agreement in the activity log' })
    .findAgreementRecord,
};

/**
 * Pauses before each try of Create Agreement while Partner Center refuses it: five tries in about a minute. It is not
 * documented how soon the API knows of an acceptance in Microsoft's window.
 */
export const AGREEMENT_TRY_DELAYS_MS: readonly number[] = [0, 5_000, 10_000, 20_000, 25_000];

const FIRST_ACCESS_RETRY_MS = 15 * 60_000;
const MAX_ACCESS_RETRY_MS = 6 * 3_600_000; // at most 4 retries a day, 13 history events each: 30 days stay far below Temporal's limit
const JITTER = 0.2; // ten thousand runs that wait because of one expired secret retry over minutes, not all together

/** How long a run without access waits before it tries again by itself: 15 minutes, doubling to 6 hours, ± 20 %. */
export function getAccessRetryDelayMs(retriesSoFar: number, random: () => number = Math.random): number {
  const delayMs = Math.min(FIRST_ACCESS_RETRY_MS * 2 ** retriesSoFar, MAX_ACCESS_RETRY_MS);
  return Math.round(delayMs * (1 - JITTER + 2 * JITTER * random()));
}

interface CallFailure {
  type: FailureType;
  problem: Problem;
  /** Whether a call may have succeeded at Partner Center although its answer was lost. */
  answersLost: boolean;
}

/** `scheduleToStartTimeout`: no worker took the call in time, which says nothing about Partner Center. */
type FailedCall =
  CallFailure | { type: 'scheduleToStartTimeout'; answersLost: boolean } | { type: 'cancelled'; answersLost: boolean };

type Answer<T> = { value: T; failure?: never } | { value?: never; failure: CallFailure };

interface CallPlan<T> {
  status: OnboardingStatus;
  call: (ids: CallIds) => Promise<T>;
  /** The failures that the caller handles; for any other the run waits for an operator. */
  expectedFailures: FailureType[];
  interruption?: Interruption;
}

/** The call is no longer needed, because its interruption occurred. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

/** The calls of one run. Each is repeated until Partner Center gives an answer that the workflow can act on. */
export class PartnerCenterCalls {
  readonly correlationId = uuid4();
  /** Partner Center may replay an answer by this id, so it is kept until an answer arrives. */
  private requestId = uuid4();
  /** Whether a Create Agreement call may have succeeded although its answer was lost. */
  agreementAnswerLost = false;
  /** What Partner Center was last asked to create, and since when it has been asked. */
  private requestedAgreement: (Omit<CreateAgreementInput, keyof CallIds> & { since: string }) | undefined;

  constructor(private readonly run: OnboardingRun) {}

  /** @throws InterruptedError */
  createAttestation(attestation: Attestation, status: OnboardingStatus, interruption?: Interruption) {
    return this.repeatUntilAnswered({
      status,
      call: (ids) => activities.createAttestation({ attestation, ...ids }),
      expectedFailures: ['AttestationRejected'],
      interruption,
    });
  }

  createAgreement(input: Omit<CreateAgreementInput, keyof CallIds>) {
    const since = this.requestedAgreement?.since ?? now();
    this.requestedAgreement = { ...input, since };
    return this.repeatUntilAnswered({
      status: 'creatingAgreement',
      call: (ids) => activities.createAgreement({ ...input, ...ids }),
      expectedFailures: ['AgreementAlreadyExists', 'AgreementRefused'],
    });
  }

  /** The success of one of our calls whose answer was lost, if Partner Center's activity log has a record of it already. */
  async findCreatedAgreement(): Promise<Ending | undefined> {
    if (this.requestedAgreement === undefined) return undefined;
    const { correlationId } = this;
    try {
      const call = { ...this.requestedAgreement, requestId: uuid4(), correlationId };
      const found = await activities.findAgreementRecord(call);
      return found && { outcome: 'agreementCreated', createdBy: 'thisOnboarding', ...found };
    } catch (error) {
      if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
      log.warn('The activity log could not be read: it is unknown who created the agreement');
      return undefined;
    }
  }

  /**
   * Repeats the call until it succeeds or fails as expected. For any other failure the run waits for an operator; lost
   * access is also retried by itself, so that one renewed secret frees every run that waits for it.
   * @throws InterruptedError
   */
  private async repeatUntilAnswered<T>(plan: CallPlan<T>): Promise<Answer<T>> {
    const { status, call, expectedFailures, interruption } = plan;
    let accessRetries = 0;
    for (;;) {
      try {
        const ids = { requestId: this.requestId, correlationId: this.correlationId };
        const value = await (interruption ? callUnlessInterrupted(() => call(ids), interruption) : call(ids));
        this.requestId = uuid4(); // with the old id this answer might be replayed to the next call
        return { value };
      } catch (error) {
        const failure = readFailedCall(error);
        if (status === 'creatingAgreement') this.agreementAnswerLost ||= failure.answersLost;
        if (failure.type === 'cancelled') throw error;
        if (failure.type === 'scheduleToStartTimeout') continue; // no worker was running: not a case for an operator
        if (!failureRules[failure.type].retried) this.requestId = uuid4();
        if (expectedFailures.includes(failure.type)) return { failure };
        if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('Onboarding cancelled');

        const reason = failureRules[failure.type].attention;
        const delayMs = reason === 'access' ? getAccessRetryDelayMs(accessRetries++) : undefined;
        const retriedByHand = await this.run.waitForOperator(reason, failure.problem, { delayMs, interruption });
        if (isDue(interruption)) throw new InterruptedError();
        // An automatic retry keeps the status needsAttention until it succeeds: no upsert for each retry.
        if (retriedByHand) this.run.setStatus(status);
      }
    }
  }
}

async function callUnlessInterrupted<T>(call: () => Promise<T>, interruption: Interruption): Promise<T> {
  return CancellationScope.cancellable(async () => {
    const scope = CancellationScope.current();
    const interrupted = condition(interruption.when, Math.max(interruption.at - Date.now(), 1)).then(() => {
      throw new InterruptedError();
    });
    try {
      return await Promise.race([call(), interrupted]);
    } finally {
      interrupted.catch(() => undefined); // Avoid an unhandled rejection from the losing promise.
      scope.cancel();
    }
  });
}

function isDue(interruption: Interruption | undefined): boolean {
  return interruption !== undefined && (interruption.when() || Date.now() >= interruption.at);
}

/** Reads why an activity failed. @throws any error that is not the failure of an activity, unchanged. */
function readFailedCall(error: unknown): FailedCall {
  if (!(error instanceof ActivityFailure)) throw error;
  if (isCancellation(error)) return { type: 'cancelled', answersLost: true };
  const { cause } = error;
  if (!(cause instanceof TimeoutFailure)) return readFailure(cause);
  // The cause of a timeout is the failure of the last attempt, if there was one.
  if (cause.timeoutType === 'SCHEDULE_TO_START') {
    const answersLost = cause.cause !== undefined && readFailure(cause.cause).answersLost;
    return { type: 'scheduleToStartTimeout', answersLost };
  }
  return { ...readFailure(cause.cause, 'PartnerCenterUnavailable'), answersLost: true };
}

function readFailure(failure: unknown, otherwise: FailureType = 'UnexpectedError'): CallFailure {
  const isOurs = failure instanceof ApplicationFailure && isFailureType(failure.type);
  const type = isOurs ? failure.type : otherwise;
  const details = isOurs ? (failure.details?.[0] as CallFailureDetails | undefined) : undefined;
  const problem = { type, title: failureRules[type].title, ...details?.problem, at: now() };
  return { type, problem, answersLost: details?.answersLost ?? true };
}
