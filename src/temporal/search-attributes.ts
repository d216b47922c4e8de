import { defineSearchAttributeKey } from '@temporalio/common';

/** What operators filter by in the Temporal UI. Never encrypted, so ids and states only: no secret, no person's data. */
export const OnboardingStatusKey = defineSearchAttributeKey('OnboardingStatus', 'KEYWORD');
export const AttentionReasonKey = defineSearchAttributeKey('AttentionReason', 'KEYWORD');
export const DealIdKey = defineSearchAttributeKey('DealId', 'KEYWORD');
export const CustomerIdKey = defineSearchAttributeKey('CustomerId', 'KEYWORD');
export const ResellerIdKey = defineSearchAttributeKey('ResellerId', 'KEYWORD');
export const CampaignIdKey = defineSearchAttributeKey('CampaignId', 'KEYWORD');
/** The end of the customer's link; removed when the run ends, so that a query by it finds waiting runs only. */
export const AcceptByKey = defineSearchAttributeKey('AcceptBy', 'DATETIME');

export const searchAttributeKeys = [
  OnboardingStatusKey,
  AttentionReasonKey,
  DealIdKey,
  CustomerIdKey,
  ResellerIdKey,
  CampaignIdKey,
  AcceptByKey,
];
