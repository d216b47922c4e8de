/** The ids of deals, workflows and task queues. Callers and open runs depend on them: add, never rename. */

/** An id of Microsoft's, in upper or lower case. Not the `i` flag: the API's description takes patterns without flags. */
export const GUID = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

/** The CRM's id of a deal or a campaign, as the source of a regular expression. */
export const CRM_ID = '[A-Za-z0-9][A-Za-z0-9._-]{0,127}';
/** A reseller's id: 1 to 63 characters, no dot. */
export const RESELLER_ID = '[A-Za-z0-9][A-Za-z0-9_-]{0,62}';

interface Deal {
  dealId: string;
  resellerId?: string;
}

const PREFIX = 'agreement-onboarding-';

/** How callers name an onboarding: `dealId`, or `resellerId:dealId`. */
export function getOnboardingId({ dealId, resellerId }: Deal): string {
  return resellerId === undefined ? dealId : `${resellerId}:${dealId}`;
}

/** The workflow id of a deal's onboarding: the same for every attempt. */
export function getWorkflowId(deal: Deal): string {
  return toWorkflowId(getOnboardingId(deal));
}

export function toWorkflowId(onboardingId: string): string {
  return `${PREFIX}${onboardingId}`;
}

/** The onboarding's id; a workflow id without our prefix is returned as it is. */
export function parseWorkflowId(workflowId: string): string {
  return workflowId.startsWith(PREFIX) ? workflowId.slice(PREFIX.length) : workflowId;
}

/** The number of a deal's attempt, from the memo of its run; a run that was started by hand has none. */
export function getAttempt(memo: Record<string, unknown> | undefined): number {
  return typeof memo?.['attempt'] === 'number' ? memo['attempt'] : 1;
}

/** The workflow id of the delivery of one run's events. */
export function toDeliveryWorkflowId(runId: string): string {
  return `crm-delivery-${runId}`;
}

/** The task queue of event deliveries, so that a cap on calls to Partner Center does not slow them. */
export function toEventsTaskQueue(taskQueue: string): string {
  return `${taskQueue}-events`;
}
