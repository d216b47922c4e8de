import {
  ActivityFailure,
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  log,
  sleep,
  TemporalFailure,
  uuid4,
} from '@temporalio/workflow';
import type { EventType } from '../onboarding/events';
import { usesPrimaryContact, type OnboardingRequest } from '../onboarding/request';
import type { OnboardingResult } from '../onboarding/view';
import { AGREEMENT_TRY_DELAYS_MS } from './back-off';
import { registerHandlers } from './message-handlers';
import { OnboardingRecord } from './onboarding-record';
import { type CallIds, Interrupted, PartnerCenterCalls } from './partner-center-calls';
import * as activities from './proxies';
import { findRequestFault } from '../onboarding/request';
import {
  addRound,
  dateAgreedOf,
  refuseAcceptance,
  REFUSALS_BEFORE_PARKING,
  reinstateAcceptance,
  acceptFromPrimaryContact,
} from './state';
import { nextWakeUp } from './wake-ups';

/** How the story ends: the outcome and what belongs to it. */
export type Ending = Pick<
  OnboardingResult,
  'outcome' | 'dateAgreed' | 'agreement' | 'createdBy' | 'problem' | 'acceptanceUnconfirmed'
>;

/** One run of an onboarding: the steps of its story. */
export class OnboardingRun {
  private readonly record: OnboardingRecord;
  private readonly calls: PartnerCenterCalls;
  /** What Partner Center was last asked to create, and since when it has been asked. */
  private askedFor: Omit<Parameters<typeof activities.findAgreementRecord>[0], keyof CallIds> | undefined;

  /** @throws ApplicationFailure `InvalidRequest`, final: no later attempt can mend the argument of a run. */
  constructor(private readonly request: OnboardingRequest) {
    const fault = findRequestFault(request);
    if (fault !== undefined) throw ApplicationFailure.nonRetryable(fault, 'InvalidRequest');
    this.record = new OnboardingRecord(request);
    this.calls = new PartnerCenterCalls(this.record);
    registerHandlers(this.record);
  }

  /** Follows the story to its end, whichever way it ends, and leaves the run's last state for all to see. */
  async toItsEnd(story: () => Promise<Ending>): Promise<OnboardingResult> {
    const { record } = this;
    try {
      return await this.completeWith(await story());
    } catch (error) {
      if (!(error instanceof TemporalFailure)) throw error; // a defect: the task is tried again, the run stays as it is
      const cancelled = isCancellation(error);
      if (cancelled && this.calls.agreementAnswerLost) {
        const agreement = await CancellationScope.nonCancellable(() => this.recordedAgreement());
        if (agreement) return this.completeWith(agreement);
        record.state = { ...record.state, agreementMayExist: true };
      }
      await this.close(cancelled ? 'cancelled' : 'failed');
      throw error;
    }
  }

  /** Creates the attestation; in the old method there is none, and the partner vouches for the acceptance. */
  async createAttestation(): Promise<Ending | undefined> {
    const { record, request } = this;
    if (usesPrimaryContact(request)) {
      record.state = acceptFromPrimaryContact(record.state, request.agreement.dateAgreed, uuid4());
      return undefined;
    }
    const { value, failure } = await this.calls.answerOf({
      status: 'creatingAttestation',
      call: (ids) => activities.createAttestation({ attestation: request.attestation, ...ids }),
      storyGoesOnWith: ['AttestationRejected'],
    });
    if (failure) return { outcome: 'attestationRejected', problem: failure.problem };
    record.state = addRound(record.state, request, value);
    record.enter('awaitingAcceptance');
    record.events.announce('onboarding.awaitingAcceptance');
    return undefined;
  }

  /** Waits for the customer until the end of the link. An acceptance once claimed never expires: it parks instead. */
  async customersAnswer(): Promise<'accepted' | Ending> {
    const { record } = this;
    if (record.state.refusals < REFUSALS_BEFORE_PARKING) {
      const rejection = await this.waitForTheCustomer();
      if (rejection) return rejection;
    }
    // Decided by state, not by what woke us: an acceptance that came together with the deadline wins.
    if (record.state.acceptanceStands) return 'accepted';
    if (record.state.decline) return { outcome: 'declined' };
    if (record.state.acceptance === undefined) {
      const frameWasUsed = record.state.page?.frameUsedAt !== undefined;
      return { outcome: 'expired', ...(frameWasUsed && { acceptanceUnconfirmed: true }) };
    }
    await record.waitForOperator('refused', record.state.problem);
    if (record.state.decline) return { outcome: 'declined' };
    record.state = reinstateAcceptance(record.state);
    return 'accepted';
  }

  /** Creates the agreement for the acceptance that stands; undefined when Partner Center keeps refusing it. */
  async createAgreement(): Promise<Ending | undefined> {
    const { record, request, calls } = this;
    record.enter('creatingAgreement');
    record.events.announce('onboarding.accepted');
    const acceptance = record.state.acceptance!;
    const round = record.state.rounds[acceptance.round - 1];
    const wanted = {
      customerId: request.customerId,
      attestationId: round?.attestationId,
      dateAgreed: dateAgreedOf(acceptance, round),
      agreement: request.agreement ?? {},
    };
    this.askedFor = { ...wanted, since: this.askedFor?.since ?? new Date(Date.now()).toISOString() };

    for (const delayMs of AGREEMENT_TRY_DELAYS_MS) {
      if (delayMs > 0) await sleep(delayMs, { summary: 'Until the acceptance has reached Partner Center' });
      const { value, failure } = await calls.answerOf({
        status: 'creatingAgreement',
        call: (ids) => activities.createAgreement({ ...wanted, ...ids }),
        storyGoesOnWith: ['AgreementAlreadyExists', 'AgreementRefused'],
      });
      if (value) return { outcome: 'agreementCreated', createdBy: 'thisOnboarding', ...value };
      if (failure.type === 'AgreementAlreadyExists') {
        const { problem } = failure;
        if (!calls.agreementAnswerLost) return { outcome: 'agreementAlreadyExists', createdBy: 'earlier', problem };
        // A lost answer of ours may have been the success that Partner Center now speaks of.
        return (await this.recordedAgreement()) ?? { outcome: 'agreementAlreadyExists', createdBy: 'unknown', problem };
      }
      record.state = { ...record.state, problem: failure.problem };
    }
    record.state = refuseAcceptance(record.state, record.state.problem!);
    return undefined;
  }

  /** Wakes for reminders, for the attestation's end, and when the page asks for the next attestation. */
  private async waitForTheCustomer(): Promise<Ending | undefined> {
    const { record, request } = this;
    const { acceptBy, acceptance } = record.state;
    if (acceptBy === undefined || usesPrimaryContact(request)) return undefined;
    record.enter('awaitingAcceptance');
    if (acceptance !== undefined && !record.state.acceptanceStands) {
      record.events.announce('onboarding.acceptanceNotFound');
    }
    while (!record.isAnswered() && Date.now() < Date.parse(acceptBy)) {
      if (record.renewalRequested) {
        const rejection = await this.renewAttestation();
        if (rejection) return rejection;
        continue;
      }
      const wakeUp = nextWakeUp(record.state, request, Date.now());
      const remainingMs = Math.max(wakeUp.at - Date.now(), 1);
      const isWoken = () => record.isAnswered() || record.renewalRequested;
      const wokenEarly = await condition(isWoken, remainingMs, { summary: wakeUp.summary });
      if (!wokenEarly && wakeUp.reminders > 0) {
        record.state = { ...record.state, remindersSent: wakeUp.reminders };
        record.events.announce('onboarding.reminderDue');
      }
      record.publish();
    }
    return undefined;
  }

  /** Mints the next attestation for the same link, unless the customer answers or the link ends before. */
  private async renewAttestation(): Promise<Ending | undefined> {
    const { record, request } = this;
    if (usesPrimaryContact(request)) return undefined;
    try {
      const { value, failure } = await this.calls.answerOf({
        status: 'awaitingAcceptance',
        call: (ids) => activities.createAttestation({ attestation: request.attestation, ...ids }),
        storyGoesOnWith: ['AttestationRejected'],
        interruption: { when: () => record.isAnswered(), at: Date.parse(record.state.acceptBy!) },
      });
      if (failure) return { outcome: 'attestationRejected', problem: failure.problem };
      record.state = addRound(record.state, request, value);
      record.enter('awaitingAcceptance');
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
    } finally {
      record.renewalRequested = false;
    }
    return undefined;
  }

  /** The agreement that one of our calls has created, where Partner Center's activity log knows of it already. */
  private async recordedAgreement(): Promise<Ending | undefined> {
    if (this.askedFor === undefined) return undefined;
    const { correlationId } = this.calls;
    try {
      const found = await activities.findAgreementRecord({ ...this.askedFor, requestId: uuid4(), correlationId });
      return found && { outcome: 'agreementCreated', createdBy: 'thisOnboarding', ...found };
    } catch (error) {
      if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
      log.warn('The activity log could not be read; nobody can say who created the agreement');
      return undefined;
    }
  }

  private async completeWith(ending: Ending): Promise<OnboardingResult> {
    const result = this.resultOf(ending);
    this.record.state = { ...this.record.state, result, problem: ending.problem };
    await this.close(ending.outcome);
    return result;
  }

  private async close(status: OnboardingResult['outcome'] | 'cancelled' | 'failed'): Promise<void> {
    const { record } = this;
    record.enter(status);
    if (status !== 'failed') record.events.announce(`onboarding.${status}` satisfies EventType);
    await record.events.allHandedOver();
    await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
  }

  private resultOf(ending: Ending): OnboardingResult {
    const { acceptance, decline } = this.record.state;
    return {
      ...ending,
      dealId: this.request.dealId,
      customerId: this.request.customerId,
      attempt: this.record.attempt,
      ...(acceptance && { acceptedAt: acceptance.acceptedAt }),
      ...(decline && { decline }),
      correlationId: this.calls.correlationId,
    };
  }
}
