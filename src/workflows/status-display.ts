/** What others see of a run: the view that the query returns, and the search attributes and details in the Temporal UI. */
import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { SearchAttributeUpdatePair } from '@temporalio/common';
import { remediations } from '../onboarding/failures';
import { type OnboardingRequest, usesPrimaryContact } from '../onboarding/request';
import type { OnboardingStatus, OnboardingView } from '../onboarding/view';
import {
  AcceptByKey,
  AttentionReasonKey,
  DealIdKey,
  OnboardingStatusKey,
  toDealAttributes,
} from '../temporal/search-attributes';
import { isAttestationLive, isClosed, type OnboardingState } from './state';
import { formatUtcMinute } from './time';

/** The answer of the query: the state as callers see it. */
export function buildView(
  state: OnboardingState,
  request: OnboardingRequest,
  attempt: number,
  now: number,
): OnboardingView {
  const { rounds, acceptance, history } = state;
  const round = rounds.at(-1);
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
    completedAt: isClosed(state) ? history.at(-1)!.at : undefined,
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
  /** The value of each attribute as JSON; absent means unset. */
  private readonly shown = new Map<string, string>();

  constructor(request: OnboardingRequest) {
    const attributes = workflowInfo().typedSearchAttributes;
    this.shown.set(OnboardingStatusKey.name, JSON.stringify(attributes.get(OnboardingStatusKey) ?? null));
    if (attributes.get(DealIdKey) !== undefined) return;
    // Started by hand, for example from the Temporal UI: without these attributes operators cannot find the run.
    upsertSearchAttributes(toDealAttributes(request));
  }

  update(state: OnboardingState): void {
    setCurrentDetails(descriptions[state.status](state));
    const acceptBy = isClosed(state) ? undefined : state.acceptBy;
    const attributes: SearchAttributeUpdatePair[] = [
      { key: OnboardingStatusKey, value: state.status },
      { key: AttentionReasonKey, value: state.attentionReason ?? null },
      { key: AcceptByKey, value: acceptBy === undefined ? null : new Date(acceptBy) },
    ];
    const changes = attributes.filter(
      ({ key, value }) => JSON.stringify(value) !== (this.shown.get(key.name) ?? 'null'),
    );
    for (const { key, value } of changes) this.shown.set(key.name, JSON.stringify(value));
    if (changes.length > 0) upsertSearchAttributes(changes);
  }
}

/** The current details in the Temporal UI, for an operator: no secret, no person's data. */
const descriptions: Record<OnboardingStatus, (state: OnboardingState) => string> = {
  creatingAttestation: () => 'Creating the attestation at Partner Center.',
  awaitingAcceptance: ({ acceptBy, rounds, refusals }) =>
    `Waiting for the customer until ${formatUtcMinute(acceptBy)}.` +
    (Date.now() < Date.parse(rounds.at(-1)!.expiresAt) ? '' : ' The attestation itself has expired.') +
    (refusals > 0 ? ' Partner Center did not know of the acceptance that was reported.' : ''),
  creatingAgreement: () => 'The customer has accepted. Creating the agreement at Partner Center.',
  needsAttention: ({ attentionReason, problem, nextRetryAt }) =>
    [
      `**Needs attention: ${attentionReason}.** ${problem?.title ?? ''}`,
      attentionReason === undefined ? '' : `Fix: ${remediations[attentionReason]}`,
      nextRetryAt === undefined
        ? 'Then send the signal `retry`. Until then, nothing is lost.'
        : `The run tries again by itself at ${formatUtcMinute(nextRetryAt)}; the signal \`retry\` makes it try at once.`,
    ].join('\n\n'),
  agreementCreated: () => 'Done: the agreement was created.',
  agreementAlreadyExists: () => 'Done: Partner Center already had a confirmed agreement for this customer.',
  expired: ({ acceptBy }) => `Ended: the customer did not accept by ${formatUtcMinute(acceptBy)}.`,
  declined: ({ decline }) => `Ended: declined (${decline!.code}).`,
  attestationRejected: ({ problem }) =>
    `Ended: Partner Center rejected the data: ${Object.keys(problem?.errors ?? {}).join(', ') || 'no field named'}.`,
  cancelled: ({ agreementMayExist }) =>
    agreementMayExist
      ? 'Cancelled after the answer of a Create Agreement call was lost: **the agreement may exist**. Look the customer up in Partner Center.'
      : 'Cancelled.',
  failed: () => 'Failed because of a defect: see the failure of the run.',
};
