import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import type { OnboardingRequest } from '../onboarding/request';

// The search attributes by which operators filter; no secret, no person's data. Add, never rename.
export const OnboardingStatusKey = defineSearchAttributeKey('OnboardingStatus', 'KEYWORD');
/** An AttentionReason on an onboarding, `eventGivenUp` on a delivery. */
export const AttentionReasonKey = defineSearchAttributeKey('AttentionReason', 'KEYWORD');
export const DealIdKey = defineSearchAttributeKey('DealId', 'KEYWORD');
export const CustomerIdKey = defineSearchAttributeKey('CustomerId', 'KEYWORD');
export const ResellerIdKey = defineSearchAttributeKey('ResellerId', 'KEYWORD');
export const CampaignIdKey = defineSearchAttributeKey('CampaignId', 'KEYWORD');
/** The end of the customer's link; removed when the run ends, so that a query by it finds waiting runs only. */
export const AcceptByKey = defineSearchAttributeKey('AcceptBy', 'DATETIME');

/** What a namespace must have registered. */
export const searchAttributeKeys = [
  OnboardingStatusKey,
  AttentionReasonKey,
  DealIdKey,
  CustomerIdKey,
  ResellerIdKey,
  CampaignIdKey,
  AcceptByKey,
];

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
