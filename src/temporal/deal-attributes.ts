import type { SearchAttributePair } from '@temporalio/common';
import type { OnboardingRequest } from '../onboarding/request';
import { CampaignIdKey, CustomerIdKey, DealIdKey, ResellerIdKey } from './search-attributes';

/** The search attributes that say which deal a workflow is about. */
export function dealAttributes({
  dealId,
  customerId,
  resellerId,
  campaignId,
}: OnboardingRequest): SearchAttributePair[] {
  return [
    { key: DealIdKey, value: dealId },
    { key: CustomerIdKey, value: customerId },
    ...(resellerId === undefined ? [] : [{ key: ResellerIdKey, value: resellerId }]),
    ...(campaignId === undefined ? [] : [{ key: CampaignIdKey, value: campaignId }]),
  ];
}
