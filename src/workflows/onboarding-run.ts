import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  condition,
  isCancellation,
  sleep,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import { type AttentionReason, type FailureType, failureRules } from '../onboarding/failure-types';
import { isVouched, type OnboardingRequest } from '../onboarding/request';
import type { OnboardingResult, OnboardingStatus, OnboardingView, Problem } from '../onboarding/view';
import { accessRetryDelayMs, AGREEMENT_TRY_DELAYS_MS } from './back-off';
import { callFailureOf } from './call-failure';
import { hearMessages } from './message-handlers';
import * as activities from './proxies';
import { Publication } from './publication';
import { requestFaultOf } from './request-check';
import {
  addRound,
  begin,
  dateAgreedOf,
  enter,
  type OnboardingState,
  park,
  refuseAcceptance,
  REFUSALS_BEFORE_PARKING,
  reviveAcceptance,
} from './state';
import { viewOf } from './view';

/** How the story ends: the outcome and what belongs to it. */
export type Ending = Pick<OnboardingResult, 'outcome' | 'dateAgreed' | 'agreement' | 'createdBy' | 'problem'>;

type Answer<T> = { value: T; failure?: never } | { value?: never; failure: { type: FailureType; problem: Problem } };

/** One run of an onboarding: its state and the steps of its story. */
export class OnboardingRun {
  state: OnboardingState;
  private readonly publication: Publication;
  private readonly attempt: number;
  private readonly correlationId = uuid4();
  /** Partner Center may replay an answer by this id, so it lives exactly as long as no refusal was heard. */
  private requestId = uuid4();
  /** Set by the signal `retry` while the run is parked. */
  retryRequested = false;
  /** True once a Create Agreement call of ours may have succeeded without our hearing of it. */
  private answerLost = false;

  /** @throws ApplicationFailure `InvalidRequest`, final: no later attempt can mend the argument of a run. */
  constructor(private readonly request: OnboardingRequest) {
    const fault = requestFaultOf(request);
    if (fault !== undefined) throw ApplicationFailure.nonRetryable(fault, 'InvalidRequest');

    const { memo, startTime } = workflowInfo();
    this.attempt = typeof memo?.['attempt'] === 'number' ? memo['attempt'] : 1;
    this.state = begin(isVouched(request) ? 'creatingAgreement' : 'creatingAttestation', startTime.toISOString());
    this.publication = new Publication(request);
    hearMessages(this);
    this.publication.update(this.state);
  }

  view(): OnboardingView {
    return viewOf(this.state, this.request, this.attempt, Date.now());
  }

  /** Follows the story to its end, whichever way it ends, and leaves the run's last state for all to see. */
  async toItsEnd(story: () => Promise<Ending>): Promise<OnboardingResult> {
    try {
      return this.end(await story());
    } catch (error) {
      const cancelled = isCancellation(error);
      if (cancelled && this.answerLost) this.state = { ...this.state, agreementMayExist: true };
      this.enter(cancelled ? 'cancelled' : 'failed');
      throw error;
    }
  }

  /** Creates the attestation; in the old method there is none, and the partner vouches for the acceptance. */
  async createAttestation(): Promise<Ending | undefined> {
    const { request } = this;
    if (isVouched(request)) {
      const vouched = { acceptedAt: new Date(request.agreement.dateAgreed).toISOString(), source: 'crm' } as const;
      this.state = {
        ...this.state,
        acceptance: { ...vouched, acceptanceId: uuid4(), round: 0 },
        acceptanceStands: true,
      };
      return undefined;
    }
    const { value, failure } = await this.answerOf('creatingAttestation', ['AttestationRejected'], () =>
      activities.createAttestation({ attestation: request.attestation, ...this.callIds() }),
    );
    if (failure) return { outcome: 'attestationRejected', problem: failure.problem };
    this.state = addRound(this.state, request, value);
    return undefined;
  }

  /** Waits for the customer until the end of the link. An acceptance once claimed never expires: it parks instead. */
  async customersAnswer(): Promise<'accepted' | 'declined' | 'expired'> {
    const { acceptBy, refusals, rounds } = this.state;
    if (acceptBy !== undefined && refusals < REFUSALS_BEFORE_PARKING) {
      this.enter('awaitingAcceptance');
      // A link may outlive its attestation. The run wakes at both ends: a query tells only what a run woke up to.
      await this.answeredUntil(rounds.at(-1)!.expiresAt, 'End of the attestation');
      await this.answeredUntil(acceptBy, 'End of the link');
    }
    // Decided by state, not by what woke us: an acceptance that came together with the deadline wins.
    if (this.state.acceptanceStands) return 'accepted';
    if (this.state.decline) return 'declined';
    if (this.state.acceptance === undefined) return 'expired';

    await this.parkUntilRetried('refused', this.state.problem);
    if (this.state.decline) return 'declined';
    this.state = reviveAcceptance(this.state);
    return 'accepted';
  }

  /** Creates the agreement for the acceptance that stands; undefined when Partner Center keeps refusing it. */
  async createAgreement(): Promise<Ending | undefined> {
    this.enter('creatingAgreement');
    const { request } = this;
    const acceptance = this.state.acceptance!;
    const round = this.state.rounds[acceptance.round - 1];
    const dateAgreed = dateAgreedOf(acceptance, round);

    for (const delayMs of AGREEMENT_TRY_DELAYS_MS) {
      if (delayMs > 0) await sleep(delayMs, { summary: 'Until the acceptance has reached Partner Center' });
      const { value, failure } = await this.answerOf(
        'creatingAgreement',
        ['AgreementAlreadyExists', 'AgreementRefused'],
        () =>
          activities.createAgreement({
            customerId: request.customerId,
            attestationId: round?.attestationId,
            dateAgreed,
            agreement: request.agreement ?? {},
            ...this.callIds(),
          }),
      );
      if (value) return { outcome: 'agreementCreated', createdBy: 'thisOnboarding', ...value };
      if (failure.type === 'AgreementAlreadyExists') {
        // A lost answer of ours may have been the success that Partner Center now speaks of.
        const createdBy = this.answerLost ? 'unknown' : 'earlier';
        return { outcome: 'agreementAlreadyExists', createdBy, problem: failure.problem };
      }
      this.state = { ...this.state, problem: failure.problem };
    }
    this.state = refuseAcceptance(this.state, this.state.problem!);
    return undefined;
  }

  private end(ending: Ending): OnboardingResult {
    const { acceptance, decline } = this.state;
    const result: OnboardingResult = {
      ...ending,
      dealId: this.request.dealId,
      customerId: this.request.customerId,
      attempt: this.attempt,
      ...(acceptance && { acceptedAt: acceptance.acceptedAt }),
      ...(decline && { decline }),
      correlationId: this.correlationId,
    };
    this.state = { ...this.state, result, problem: ending.problem };
    this.enter(ending.outcome);
    return result;
  }

  /**
   * Repeats a call to Partner Center until it is answered in a way that the story goes on with, and parks the run
   * whenever a human must help first.
   */
  private async answerOf<T>(
    status: OnboardingStatus,
    storyGoesOnWith: FailureType[],
    call: () => Promise<T>,
  ): Promise<Answer<T>> {
    let accessRetries = 0;
    for (;;) {
      try {
        return { value: await call() };
      } catch (error) {
        const failure = callFailureOf(error, Date.now());
        if (failure === 'neverStarted') continue; // no worker was there for it: no reason to bother a human
        if (status === 'creatingAgreement') this.answerLost ||= failure === 'cancelled' || failure.answersLost;
        if (failure === 'cancelled') throw error;
        if (failureRules[failure.type].refusal) this.requestId = uuid4();
        if (storyGoesOnWith.includes(failure.type)) return { failure };
        if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('Onboarding cancelled');

        const reason = failureRules[failure.type].attention;
        const retriesItself = reason === 'access'; // one mended secret frees every run that waits for it
        const delayMs = retriesItself ? accessRetryDelayMs(accessRetries++) : undefined;
        const retriedByHand = await this.parkUntilRetried(reason, failure.problem, delayMs);
        if (retriedByHand) this.enter(status);
      }
    }
  }

  /** @returns whether `retry` ended it rather than the run's own timer. A decline ends it too. */
  private async parkUntilRetried(
    reason: AttentionReason,
    problem: Problem | undefined,
    delayMs?: number,
  ): Promise<boolean> {
    const now = Date.now();
    const nextRetryAt = delayMs === undefined ? undefined : new Date(now + delayMs).toISOString();
    this.state = park(this.state, reason, problem, nextRetryAt, new Date(now).toISOString());
    this.publication.update(this.state);

    const mayGoOn = () => this.retryRequested || this.state.decline !== undefined;
    const retriedByHand =
      delayMs === undefined
        ? await condition(mayGoOn).then(() => true)
        : await condition(mayGoOn, delayMs, { summary: 'Until access is tried again' });
    this.retryRequested = false;
    return retriedByHand;
  }

  private async answeredUntil(end: string, summary: string): Promise<void> {
    const isAnswered = () => this.state.acceptanceStands || this.state.decline !== undefined;
    const remainingMs = Date.parse(end) - Date.now();
    if (isAnswered() || remainingMs <= 0) return;
    await condition(isAnswered, remainingMs, { summary });
    this.publication.update(this.state);
  }

  private enter(status: OnboardingStatus): void {
    this.retryRequested = false;
    this.state = enter(this.state, status, new Date(Date.now()).toISOString());
    this.publication.update(this.state);
  }

  private callIds(): { requestId: string; correlationId: string } {
    return { requestId: this.requestId, correlationId: this.correlationId };
  }
}
