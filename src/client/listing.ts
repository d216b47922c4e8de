/**
 * Onboardings from Temporal's visibility store, and its queries. It is eventually consistent: read it to show lists and
 * counts, never to decide.
 */
import type { z } from 'zod';
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { executionInfoFromRaw } from '@temporalio/client/lib/helpers';
import type { AttentionReason } from '../onboarding/failures';
import { getAttempt, getOnboardingId, parseWorkflowId } from '../onboarding/ids';
import type { OnboardingStatus } from '../onboarding/status';
import type { listedSchema } from '../onboarding/view-schema';
import {
  AcceptByKey,
  AttentionReasonKey,
  CampaignIdKey,
  CustomerIdKey,
  DealIdKey,
  OnboardingStatusKey,
  ResellerIdKey,
} from '../temporal/search-attributes';
import { getStatus } from './view';

const LIST_DEADLINE_MS = 15_000;
const LARGEST_PAGE = 1_000; // the server's own limit

export interface OnboardingFilter {
  status?: OnboardingStatus;
  attentionReason?: string;
  customerId?: string;
  campaignId?: string;
  resellerId?: string;
  startedAfter?: Date;
  closedAfter?: Date;
}

/** One run of an onboarding: a deal that was restarted has several. */
export type ListedOnboarding = z.infer<typeof listedSchema> & { runId: string };
export type RunNeedingAttention = Pick<ListedOnboarding, 'id' | 'runId'>;

/** The newest onboardings that match, at most `limit` of them; `more` says that there are others. */
export function listOnboardings(
  client: Client,
  filter: OnboardingFilter,
  limit: number,
): Promise<{ onboardings: ListedOnboarding[]; more: boolean }> {
  return client.withDeadline(Date.now() + LIST_DEADLINE_MS, async () => {
    const onboardings: ListedOnboarding[] = [];
    const pageSize = Math.min(limit + 1, LARGEST_PAGE);
    for await (const execution of client.workflow.list({ query: buildVisibilityQuery(filter), pageSize })) {
      if (onboardings.length === limit) return { onboardings, more: true };
      onboardings.push(toListed(execution));
    }
    return { onboardings, more: false };
  });
}

/**
 * One page of the onboardings that match, the newest first; `next` is the cursor of the next page, absent on the last one.
 * A cursor is the server's own token for a position in the list: it cannot widen the filter.
 */
export async function listPage(
  client: Client,
  filter: OnboardingFilter,
  { pageSize, cursor }: { pageSize: number; cursor?: Uint8Array },
): Promise<{ onboardings: ListedOnboarding[]; next?: Uint8Array }> {
  const { namespace, loadedDataConverter } = client.options;
  const { executions, nextPageToken } = await client.workflowService.listWorkflowExecutions({
    namespace,
    query: buildVisibilityQuery(filter),
    pageSize,
    nextPageToken: cursor,
  });
  const onboardings = await Promise.all(
    (executions ?? []).map(async (raw) =>
      toListed(await executionInfoFromRaw(raw, loadedDataConverter, raw, namespace)),
    ),
  );
  return { onboardings, next: nextPageToken?.length ? nextPageToken : undefined };
}

/** The open runs in `needsAttention` that match; `where` narrows the query further. @throws ServiceError if it is invalid */
export async function listNeedingAttention(
  client: Client,
  { reason, where }: { reason?: AttentionReason; where?: string },
): Promise<RunNeedingAttention[]> {
  const query = buildNeedsAttentionQuery(reason) + (where === undefined ? '' : ` AND (${where})`);
  const found: RunNeedingAttention[] = [];
  for await (const run of client.workflow.list({ query, pageSize: LARGEST_PAGE })) {
    // A `where` that closes our parenthesis could match other runs.
    if (run.type !== 'agreementOnboarding') continue;
    if (run.typedSearchAttributes.get(OnboardingStatusKey) !== 'needsAttention') continue;
    found.push({ id: parseWorkflowId(run.workflowId), runId: run.runId });
  }
  return found;
}

/** The query for open runs that are waiting for an operator, for any reason or for one. */
export function buildNeedsAttentionQuery(attentionReason?: AttentionReason): string {
  return `${buildVisibilityQuery({ status: 'needsAttention', attentionReason })} AND ExecutionStatus = 'Running'`;
}

/** The filter as a visibility query; every value is quoted, so it can only be a value to compare with. */
export function buildVisibilityQuery(filter: OnboardingFilter): string {
  const conditions = [
    `WorkflowType = ${quote('agreementOnboarding')}`,
    ...(filter.status === undefined ? [] : statusConditions(filter.status)),
    ...equals(AttentionReasonKey.name, filter.attentionReason),
    ...equals(CustomerIdKey.name, filter.customerId?.toLowerCase()), // as requests keep it
    ...equals(CampaignIdKey.name, filter.campaignId),
    ...equals(ResellerIdKey.name, filter.resellerId),
    ...notBefore('StartTime', filter.startedAfter),
    ...notBefore('CloseTime', filter.closedAfter),
  ];
  return conditions.join(' AND ');
}

/** A run that was terminated or failed keeps its last status attribute, so Temporal's close status decides. */
function statusConditions(status: OnboardingStatus): string[] {
  if (status === 'cancelled') return [executionStatusIn('Canceled')];
  if (status === 'failed') return [executionStatusIn('Failed', 'Terminated', 'TimedOut')];
  return [...equals(OnboardingStatusKey.name, status), executionStatusIn('Running', 'Completed')];
}

function executionStatusIn(...names: string[]): string {
  return `ExecutionStatus IN (${names.map(quote).join(', ')})`;
}

function equals(attribute: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`${attribute} = ${quote(value)}`];
}

function notBefore(attribute: string, time: Date | undefined): string[] {
  return time === undefined ? [] : [`${attribute} >= ${quote(time.toISOString())}`];
}

/**
 * A literal of the query language, whose grammar is MySQL's: a backslash escapes. On SQLite and PostgreSQL the server
 * then finds no value that holds a backslash, a double quote or a line break; no id of ours holds one.
 */
export function quote(value: string): string {
  return `'${value.replace(/[\\']/g, (character) => `\\${character}`)}'`;
}

function toListed(execution: WorkflowExecutionInfo): ListedOnboarding {
  const { typedSearchAttributes: attributes, memo, startTime, closeTime, workflowId, runId } = execution;
  const isOpen = closeTime === undefined;
  const dealId = attributes.get(DealIdKey);
  const resellerId = attributes.get(ResellerIdKey);
  return {
    // Only runs that were started manually and that no worker has seen yet have no attributes.
    id: dealId === undefined ? workflowId : getOnboardingId({ dealId, resellerId }),
    status: getStatus(execution),
    attentionReason: isOpen ? attributes.get(AttentionReasonKey) : undefined,
    dealId: dealId ?? workflowId,
    resellerId,
    customerId: attributes.get(CustomerIdKey),
    campaignId: attributes.get(CampaignIdKey),
    attempt: getAttempt(memo),
    startedAt: startTime.toISOString(),
    acceptBy: isOpen ? attributes.get(AcceptByKey)?.toISOString() : undefined,
    closedAt: closeTime?.toISOString(),
    runId,
  };
}
