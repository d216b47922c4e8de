import type { OnboardingRequest } from './request';

/** What a deal is called from outside: its id, with the reseller's before it where there is one. */
export function onboardingId(deal: Pick<OnboardingRequest, 'dealId' | 'resellerId'>): string {
  return deal.resellerId === undefined ? deal.dealId : `${deal.resellerId}:${deal.dealId}`;
}

const PREFIX = 'agreement-onboarding-';

/** Workflow id of a deal's onboarding; one deal has one id, whatever its number of attempts. */
export function workflowIdOfDeal(deal: Pick<OnboardingRequest, 'dealId' | 'resellerId'>): string {
  return `${PREFIX}${onboardingId(deal)}`;
}

/** The same from the outside name, `dealId` or `resellerId:dealId`. */
export function toWorkflowId(id: string): string {
  return `${PREFIX}${id}`;
}

/** The outside name of the onboarding that a workflow id belongs to. */
export function parseWorkflowId(workflowId: string): string {
  return workflowId.startsWith(PREFIX) ? workflowId.slice(PREFIX.length) : workflowId;
}
