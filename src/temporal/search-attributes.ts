import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import type { OnboardingRequest } from '../onboarding/request';

/** The search attributes by which operators filter, with their types; no secret, no person's data. Add, never rename. */
const searchAttributes = {
  OnboardingStatus: 'KEYWORD',
  AttentionReason: 'KEYWORD',
  DealId: 'KEYWORD',
  CustomerId: 'KEYWORD',
  ResellerId: 'KEYWORD',
  CampaignId: 'KEYWORD',
  /** The end of the customer's link; removed when the run ends, so that a query by it finds waiting runs only. */
  AcceptBy: 'DATETIME',
} as const;

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
