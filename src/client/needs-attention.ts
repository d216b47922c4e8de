/** The runs that wait for a human, many at once. */
import type { Client } from '@temporalio/client';
import type { AttentionReason } from '../onboarding/failure-types';
import { parseWorkflowId } from '../onboarding/ids';
import { OnboardingStatusKey } from '../temporal/search-attributes';
import { needsAttentionQuery } from './run-health';

export interface NeedsAttentionFilter {
  reason?: AttentionReason | undefined;
  /** A query of Temporal's visibility that narrows the list further. */
  where?: string | undefined;
}

export interface RunNeedingAttention {
  id: string;
  runId: string;
}

const PAGE_SIZE = 1_000; // the server's own limit

/** The open runs in `needsAttention` that fit, as far as visibility has heard. @throws ServiceError for a bad `where` */
export async function listNeedingAttention(
  client: Client,
  { reason, where }: NeedsAttentionFilter,
): Promise<RunNeedingAttention[]> {
  const query = [needsAttentionQuery(reason), ...(where === undefined ? [] : [`(${where})`])].join(' AND ');
  const parked: RunNeedingAttention[] = [];
  for await (const { type, workflowId, runId, typedSearchAttributes } of client.workflow.list({
    query,
    pageSize: PAGE_SIZE,
  })) {
    // A `where` that closes our bracket could have let others in.
    if (type !== 'agreementOnboarding' || typedSearchAttributes.get(OnboardingStatusKey) !== 'needsAttention') continue;
    parked.push({ id: parseWorkflowId(workflowId), runId });
  }
  return parked;
}
