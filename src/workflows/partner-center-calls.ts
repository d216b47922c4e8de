import { CancellationScope, CancelledFailure, condition, uuid4 } from '@temporalio/workflow';
import { type FailureType, failureRules } from '../onboarding/failures';
import type { OnboardingStatus } from '../onboarding/view';
import { accessRetryDelayMs } from './back-off';
import { callEndOf, type CallFailure } from './call-failure';
import type { Interruption, OnboardingRecord } from './onboarding-record';

export type Answer<T> = { value: T; failure?: never } | { value?: never; failure: CallFailure };

export interface CallIds {
  requestId: string;
  correlationId: string;
}

interface CallPlan<T> {
  /** What the run is doing meanwhile. */
  status: OnboardingStatus;
  call: (ids: CallIds) => Promise<T>;
  /** The failures that are an answer to the story. */
  storyGoesOnWith: FailureType[];
  interruption?: Interruption;
}

/** The call has become pointless. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Calls to Partner Center as the story wants them: answered, however long it takes and whoever must help first. */
export class PartnerCenterCalls {
  readonly correlationId = uuid4();
  /** Partner Center may replay an answer by this id, so it lives until an answer was heard. */
  private requestId = uuid4();
  /** Whether a Create Agreement call of ours may have succeeded without our hearing of it. */
  agreementAnswerLost = false;

  constructor(private readonly record: OnboardingRecord) {}

  /**
   * Repeats the call until it is answered in a way that the story goes on with; parks the run whenever a human must
   * help first, and tries lost access again by itself: one mended secret frees every run that waits for it.
   * @throws Interrupted
   */
  async answerOf<T>({ status, call, storyGoesOnWith, interruption }: CallPlan<T>): Promise<Answer<T>> {
    let accessRetries = 0;
    for (;;) {
      try {
        const ids = { requestId: this.requestId, correlationId: this.correlationId };
        const value = await (interruption ? unlessInterrupted(() => call(ids), interruption) : call(ids));
        this.requestId = uuid4(); // else this answer might be replayed to the next call
        return { value };
      } catch (error) {
        const failure = callEndOf(error, Date.now());
        if (status === 'creatingAgreement') this.agreementAnswerLost ||= failure.answersLost;
        if (failure.type === 'cancelled') throw error;
        if (failure.type === 'notTaken') continue; // no worker was there for it: no reason to bother a human
        if (failureRules[failure.type].refusal) this.requestId = uuid4();
        if (storyGoesOnWith.includes(failure.type)) return { failure };
        if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('Onboarding cancelled');

        const reason = failureRules[failure.type].attention;
        const delayMs = reason === 'access' ? accessRetryDelayMs(accessRetries++) : undefined;
        const retriedByHand = await this.record.waitForOperator(reason, failure.problem, { delayMs, interruption });
        if (isDue(interruption)) throw new Interrupted();
        // A try of its own leaves no trace where operators look: no upsert until it has succeeded.
        if (retriedByHand) this.record.enter(status);
      }
    }
  }
}

async function unlessInterrupted<T>(call: () => Promise<T>, interruption: Interruption): Promise<T> {
  return CancellationScope.cancellable(async () => {
    const scope = CancellationScope.current();
    const interrupted = condition(interruption.when, Math.max(interruption.at - Date.now(), 1)).then(() => {
      throw new Interrupted();
    });
    try {
      return await Promise.race([call(), interrupted]);
    } finally {
      interrupted.catch(() => undefined); // whoever has lost the race is ended and not heard
      scope.cancel();
    }
  });
}

function isDue(interruption: Interruption | undefined): boolean {
  return interruption !== undefined && (interruption.when() || Date.now() >= interruption.at);
}
