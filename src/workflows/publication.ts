import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { SearchAttributeUpdatePair } from '@temporalio/common';
import type { OnboardingRequest } from '../onboarding/request';
import { toDealAttributes } from '../temporal/search-attributes';
import { AcceptByKey, AttentionReasonKey, DealIdKey, OnboardingStatusKey } from '../temporal/search-attributes';
import { currentDetailsOf } from './current-details';
import { isClosed, type OnboardingState } from './state';

/**
 * Shows the state in the Temporal UI: search attributes and current details. Every upsert costs an event and a write,
 * so only what has changed is sent, and the starter's own attributes are taken as they are.
 */
export class Publication {
  private readonly shown = new Map<string, string | undefined>();

  constructor(request: OnboardingRequest) {
    const attributes = workflowInfo().typedSearchAttributes;
    this.shown.set(OnboardingStatusKey.name, attributes.get(OnboardingStatusKey));
    if (attributes.get(DealIdKey) !== undefined) return;
    // Started by hand, for example from the Temporal UI: a run that cannot be found is no use to an operator.
    upsertSearchAttributes(toDealAttributes(request));
  }

  update(state: OnboardingState): void {
    setCurrentDetails(currentDetailsOf(state, Date.now()));
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
