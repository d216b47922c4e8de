/** Every id and name that Temporal stores in clear. Callers and open runs depend on them: add, never rename. */

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

/** The workflow id of the delivery of one run's events. */
export function toDeliveryWorkflowId(runId: string): string {
  return `crm-delivery-${runId}`;
}

/** The task queue of event deliveries, so that a cap on calls to Partner Center does not slow them. */
export function toEventsTaskQueue(taskQueue: string): string {
  return `${taskQueue}-events`;
}
