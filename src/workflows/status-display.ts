/** What others see of a run: the view that the query returns, and the search attributes and details in the Temporal UI. */
import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { SearchAttributeUpdatePair } from '@temporalio/common';
import { remediations } from '../onboarding/failures';
import { type OnboardingRequest, usesPrimaryContact } from '../onboarding/request';
import type { OnboardingView } from '../onboarding/view';
import {
  AcceptByKey,
  AttentionReasonKey,
  DealIdKey,
  OnboardingStatusKey,
  toDealAttributes,
} from '../temporal/search-attributes';
import { isAttestationLive, isClosed, type OnboardingState } from './state';

/** The answer of the query: the state as callers see it. */
export function buildView(
  state: OnboardingState,
  request: OnboardingRequest,
  attempt: number,
  now: number,
): OnboardingView {
  const { rounds, acceptance, history } = state;
  const round = rounds.at(-1);
  const last = history.at(-1);
  const hasEnded = isClosed(state);
  return {
    status: state.status,
    attentionReason: state.attentionReason,
    dealId: request.dealId,
    resellerId: request.resellerId,
    customerId: request.customerId,
    attempt,
    createdAt: history[0]!.at,
    attestation: round && {
      id: round.attestationId,
      round: rounds.length,
      live: isAttestationLive(state, now),
      expiresAt: round.expiresAt,
    },
    acceptBy: state.acceptBy,
    acceptedAt: acceptance?.acceptedAt,
    completedAt: hasEnded ? last!.at : undefined,
    acceptance: usesPrimaryContact(request) ? undefined : acceptance,
    page: state.page,
    decline: state.decline,
    problem: state.problem,
    nextRetryAt: state.nextRetryAt,
    agreementMayExist: state.agreementMayExist,
    result: state.result,
    metadata: request.metadata,
    history: [...history],
  };
}

/**
 * Shows the state in the Temporal UI: search attributes and current details. Every upsert costs an event and a write,
 * so only changes are sent, and attributes that the starter has set are kept.
 */
export class StatusDisplay {
  private readonly shown = new Map<string, string | undefined>();

  constructor(request: OnboardingRequest) {
    const attributes = workflowInfo().typedSearchAttributes;
    this.shown.set(OnboardingStatusKey.name, attributes.get(OnboardingStatusKey));
    if (attributes.get(DealIdKey) !== undefined) return;
    // Started by hand, for example from the Temporal UI: without these attributes operators cannot find the run.
    upsertSearchAttributes(toDealAttributes(request));
  }

  update(state: OnboardingState): void {
    setCurrentDetails(describeStatus(state, Date.now()));
    const acceptBy = isClosed(state) ? undefined : state.acceptBy;
    const changes: SearchAttributeUpdatePair[] = [
      ...this.changed(OnboardingStatusKey.name, state.status, { key: OnboardingStatusKey, value: state.status }),
      ...this.changed(AttentionReasonKey.name, state.attentionReason, {
        key: AttentionReasonKey,
        value: state.attentionReason ?? null,
      }),
      ...this.changed(AcceptByKey.name, acceptBy, {
        key: AcceptByKey,
        value: acceptBy === undefined ? null : new Date(acceptBy),
      }),
    ];
    if (changes.length > 0) upsertSearchAttributes(changes);
  }

  private changed(
    name: string,
    value: string | undefined,
    pair: SearchAttributeUpdatePair,
  ): SearchAttributeUpdatePair[] {
    if (this.shown.get(name) === value) return [];
    this.shown.set(name, value);
    return [pair];
  }
}

/** The current details in the Temporal UI, for an operator: no secret, no person's data. */
function describeStatus(state: OnboardingState, now: number): string {
  switch (state.status) {
    case 'creatingAttestation':
      return 'Creating the attestation at Partner Center.';
    case 'awaitingAcceptance':
      return (
        `Waiting for the customer until ${utc(state.acceptBy)}.` +
        (now < Date.parse(state.rounds.at(-1)!.expiresAt) ? '' : ' The attestation itself has expired.') +
        (state.refusals > 0 ? ' Partner Center did not know of the acceptance that was reported.' : '')
      );
    case 'creatingAgreement':
      return 'The customer has accepted. Creating the agreement at Partner Center.';
    case 'needsAttention':
      return [
        `**Needs attention: ${state.attentionReason}.** ${state.problem?.title ?? ''}`,
        state.attentionReason === undefined ? '' : `Fix: ${remediations[state.attentionReason]}`,
        state.nextRetryAt === undefined
          ? 'Then send the signal `retry`. Until then, nothing is lost.'
          : `The run tries again by itself at ${utc(state.nextRetryAt)}; the signal \`retry\` makes it try at once.`,
      ].join('\n\n');
    case 'agreementCreated':
      return 'Done: the agreement is created.';
    case 'agreementAlreadyExists':
      return 'Done: Partner Center already had a confirmed agreement of this customer.';
    case 'expired':
      return `Ended: the customer did not accept until ${utc(state.acceptBy)}.`;
    case 'declined':
      return `Ended: declined (${state.decline?.code ?? 'other'}).`;
    case 'attestationRejected':
      return `Ended: Partner Center rejected the data: ${Object.keys(state.problem?.errors ?? {}).join(', ') || 'no field named'}.`;
    case 'cancelled':
      return state.agreementMayExist
        ? 'Cancelled while the agreement was being created: **it may exist**. Look the customer up in Partner Center.'
        : 'Cancelled.';
    case 'failed':
      return 'Failed because of a defect: see the failure of the run.';
  }
}

/** `2026-11-24 14:05 UTC`. */
function utc(at: string | undefined): string {
  return at === undefined ? 'an unknown time' : `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}
