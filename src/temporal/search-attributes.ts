import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import { searchAttributes } from '../onboarding/ids';
import type { OnboardingRequest } from '../onboarding/request';

type Name = keyof typeof searchAttributes;

function toKey<N extends Name>(name: N) {
  return defineSearchAttributeKey(name, searchAttributes[name]);
}

export const OnboardingStatusKey = toKey('OnboardingStatus');
export const AttentionReasonKey = toKey('AttentionReason');
export const DealIdKey = toKey('DealId');
export const CustomerIdKey = toKey('CustomerId');
export const ResellerIdKey = toKey('ResellerId');
export const CampaignIdKey = toKey('CampaignId');
export const AcceptByKey = toKey('AcceptBy');

export const searchAttributeKeys = (Object.keys(searchAttributes) as Name[]).map((name) => toKey(name));

/** The search attributes that name the deal of a workflow. */
export function toDealAttributes(request: OnboardingRequest): SearchAttributePair[] {
  const { dealId, customerId, resellerId, campaignId } = request;
  return [
    { key: DealIdKey, value: dealId },
    { key: CustomerIdKey, value: customerId },
    ...(resellerId === undefined ? [] : [{ key: ResellerIdKey, value: resellerId }]),
    ...(campaignId === undefined ? [] : [{ key: CampaignIdKey, value: campaignId }]),
  ];
}
