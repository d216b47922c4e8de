/** A further attempt at a deal whose last one ended without an agreement. */
import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { OnboardingRequest } from '../onboarding/request';
import type { OnboardingStatus } from '../onboarding/view';
import type { agreementOnboarding } from '../workflows';
import { readSummary } from './summary';
import { readRequest, startOptions } from './start';
import { toWorkflowId } from '../onboarding/ids';

export type RestartOutcome =
  | { outcome: 'restarted'; runId: string; attempt: number; request: OnboardingRequest }
  | { outcome: 'open'; status: OnboardingStatus }
  | { outcome: 'agreementExists'; status: OnboardingStatus };

/**
 * Ends after which a deal may be begun again. Among them is a run that was terminated or broke: should its agreement
 * exist after all, Partner Center says so, and the new attempt ends with that.
 */
const RESTARTABLE: ReadonlySet<OnboardingStatus> = new Set<OnboardingStatus>([
  'expired',
  'declined',
  'attestationRejected',
  'cancelled',
  'failed',
]);

/**
 * Starts the next attempt at a deal, with `request` or as it was asked for before; needs no worker.
 * @throws WorkflowNotFoundError for a deal that was never started.
 */
export async function restartOnboarding(
  client: Client,
  taskQueue: string,
  id: string,
  request?: OnboardingRequest,
): Promise<RestartOutcome> {
  const last = await readSummary(client, id);
  if (last.isOpen) return { outcome: 'open', status: last.status };
  if (!RESTARTABLE.has(last.status)) return { outcome: 'agreementExists', status: last.status };

  const next = request ?? (await readRequest(client, toWorkflowId(id), last.runId));
  const attempt = last.attempt + 1;
  try {
    const handle = await client.workflow.start<typeof agreementOnboarding>('agreementOnboarding', {
      ...startOptions(taskQueue, next, attempt),
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL', // of two restarts at once, one wins and the other hears of it
    });
    return { outcome: 'restarted', runId: handle.firstExecutionRunId, attempt, request: next };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return { outcome: 'open', status: (await readSummary(client, id)).status };
  }
}
