import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  sleep,
  TemporalFailure,
  uuid4,
} from '@temporalio/workflow';
import { findRequestFault, type OnboardingRequest, usesPrimaryContact } from '../onboarding/request';
import type { OnboardingOutcome, OnboardingResult } from '../onboarding/view';
import { AGREEMENT_TRY_DELAYS_MS, PartnerCenterCalls } from './calls';
import { awaitCustomerDecision } from './customer-decision';
import { registerHandlers } from './messages';
import { OnboardingRun } from './onboarding-run';
import { acceptFromPrimaryContact, addRound, type Ending, getDateAgreed, refuseAcceptance } from './state';

/**
 * Brings one customer onto the Microsoft Customer Agreement: attestation → the customer's acceptance → agreement.
 * Business outcomes complete the run, a cancelled one closes as Cancelled, and only a defect fails it.
 */
export async function agreementOnboarding(request: OnboardingRequest): Promise<OnboardingResult> {
  const fault = findRequestFault(request);
  if (fault !== undefined) throw ApplicationFailure.nonRetryable(fault, 'InvalidRequest');
  const run = new OnboardingRun(request);
  const calls = new PartnerCenterCalls(run);
  registerHandlers(run); // Register handlers before the first await.

  try {
    return await complete(run, calls, await runToCompletion(run, calls));
  } catch (error) {
    if (!(error instanceof TemporalFailure)) throw error; // a defect: Temporal retries the workflow task
    const cancelled = isCancellation(error);
    if (cancelled && calls.agreementAnswerLost) {
      const agreement = await CancellationScope.nonCancellable(() => calls.findCreatedAgreement());
      if (agreement) return await complete(run, calls, agreement);
      run.state = { ...run.state, agreementMayExist: true };
    }
    await close(run, cancelled ? 'cancelled' : 'failed');
    throw error;
  }
}

async function runToCompletion(run: OnboardingRun, calls: PartnerCenterCalls): Promise<Ending> {
  const rejected = await createAttestation(run, calls);
  if (rejected) return rejected;

  for (;;) {
    const decision = await awaitCustomerDecision(run, calls);
    if (decision !== 'accepted') return decision;

    const created = await createAgreement(run, calls);
    if (created) return created;
    // Refused: Partner Center does not know of the acceptance. The customer is asked again.
  }
}

/** The primary contact method needs no attestation: the partner confirms the acceptance itself. */
async function createAttestation(run: OnboardingRun, calls: PartnerCenterCalls): Promise<Ending | undefined> {
  const { request } = run;
  if (usesPrimaryContact(request)) {
    run.state = acceptFromPrimaryContact(run.state, request.agreement.dateAgreed, uuid4());
    return undefined;
  }
  const { value, failure } = await calls.createAttestation(request.attestation, 'creatingAttestation');
  if (failure) return { outcome: 'attestationRejected', problem: failure.problem };
  run.state = addRound(run.state, request, value);
  run.setStatus('awaitingAcceptance');
  run.events.announce('onboarding.awaitingAcceptance');
  return undefined;
}

/** Creates the agreement for the current acceptance; undefined when Partner Center keeps refusing it. */
async function createAgreement(run: OnboardingRun, calls: PartnerCenterCalls): Promise<Ending | undefined> {
  run.setStatus('creatingAgreement');
  run.events.announce('onboarding.accepted');
  const { request } = run;
  const acceptance = run.state.acceptance!;
  const round = run.state.rounds[acceptance.round - 1];
  const input = {
    customerId: request.customerId,
    attestationId: round?.attestationId,
    dateAgreed: getDateAgreed(acceptance, round),
    agreement: request.agreement ?? {},
  };

  for (const delayMs of AGREEMENT_TRY_DELAYS_MS) {
    if (delayMs > 0) await sleep(delayMs, { summary: 'Until the acceptance has reached Partner Center' });
    const { value, failure } = await calls.createAgreement(input);
    if (value) return { outcome: 'agreementCreated', createdBy: 'thisOnboarding', ...value };
    const { type, problem } = failure;
    if (type === 'AgreementAlreadyExists') {
      if (!calls.agreementAnswerLost) return { outcome: 'agreementAlreadyExists', createdBy: 'earlier', problem };
      // The lost answer may have been a success: then it is our agreement that exists.
      return (
        (await calls.findCreatedAgreement()) ?? { outcome: 'agreementAlreadyExists', createdBy: 'unknown', problem }
      );
    }
    run.state = { ...run.state, problem };
  }
  run.state = refuseAcceptance(run.state, run.state.problem!);
  return undefined;
}

async function complete(run: OnboardingRun, calls: PartnerCenterCalls, ending: Ending): Promise<OnboardingResult> {
  const { acceptance, decline } = run.state;
  const result: OnboardingResult = {
    ...ending,
    dealId: run.request.dealId,
    customerId: run.request.customerId,
    attempt: run.attempt,
    acceptedAt: acceptance?.acceptedAt,
    decline,
    correlationId: calls.correlationId,
  };
  run.state = { ...run.state, result, problem: ending.problem };
  await close(run, ending.outcome);
  return result;
}

/** Publishes the final status and waits until every event is sent and every message handler is done. */
async function close(run: OnboardingRun, status: OnboardingOutcome | 'cancelled' | 'failed'): Promise<void> {
  run.setStatus(status);
  if (status !== 'failed') run.events.announce(`onboarding.${status}`);
  await run.events.waitUntilSent();
  await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
}
