/** Onboardings from Temporal's visibility store: eventually consistent, so for looking, never for deciding. */
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { executionInfoFromRaw } from '@temporalio/client/lib/helpers';
import type { OnboardingStatus } from '../onboarding/view';
import { onboardingId } from '../onboarding/ids';
import { attemptOf, endFromOutside } from './summary';
import {
  AcceptByKey,
  AttentionReasonKey,
  CampaignIdKey,
  CustomerIdKey,
  DealIdKey,
  OnboardingStatusKey,
  ResellerIdKey,
} from '../temporal/search-attributes';

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
export interface ListedOnboarding {
  id: string;
  status: OnboardingStatus;
  attentionReason?: string;
  dealId: string;
  resellerId?: string;
  customerId?: string;
  campaignId?: string;
  attempt: number;
  startedAt: string;
  acceptBy?: string;
  closedAt?: string;
  runId: string;
}

/** The newest onboardings that fit, at most `limit` of them; `more` says that there are others. */
export function listOnboardings(
  client: Client,
  filter: OnboardingFilter,
  limit: number,
): Promise<{ onboardings: ListedOnboarding[]; more: boolean }> {
  return client.withDeadline(Date.now() + LIST_DEADLINE_MS, async () => {
    const onboardings: ListedOnboarding[] = [];
    const pageSize = Math.min(limit + 1, LARGEST_PAGE);
    for await (const execution of client.workflow.list({ query: visibilityQuery(filter), pageSize })) {
      if (onboardings.length === limit) return { onboardings, more: true };
      onboardings.push(listed(execution));
    }
    return { onboardings, more: false };
  });
}

/**
 * One page of the onboardings that fit, the newest first; `cursor` of the next page, absent on the last one. A cursor
 * is the server's own token: it holds a place in the list, and nothing that widens what the filter lets through.
 */
export async function listPage(
  client: Client,
  filter: OnboardingFilter,
  { pageSize, cursor }: { pageSize: number; cursor?: Uint8Array },
): Promise<{ onboardings: ListedOnboarding[]; next?: Uint8Array }> {
  const { namespace, loadedDataConverter } = client.options;
  const { executions, nextPageToken } = await client.workflowService.listWorkflowExecutions({
    namespace,
    query: visibilityQuery(filter),
    pageSize,
    ...(cursor && { nextPageToken: cursor }),
  });
  const onboardings = await Promise.all(
    (executions ?? []).map(async (raw) => listed(await executionInfoFromRaw(raw, loadedDataConverter, raw, namespace))),
  );
  return { onboardings, ...(nextPageToken?.length && { next: nextPageToken }) };
}

/** The filter as a query of Temporal's visibility; every value is quoted, so it can only ever be compared with. */
export function visibilityQuery(filter: OnboardingFilter): string {
  const conditions = [
    `WorkflowType = ${quoted('agreementOnboarding')}`,
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

/** A run ended from outside keeps the status it had then; Temporal's own close status tells it from the others. */
function statusConditions(status: OnboardingStatus): string[] {
  if (status === 'cancelled') return [executionStatusIn('Canceled')];
  if (status === 'failed') return [executionStatusIn('Failed', 'Terminated', 'TimedOut')];
  return [...equals(OnboardingStatusKey.name, status), executionStatusIn('Running', 'Completed')];
}

function executionStatusIn(...names: string[]): string {
  return `ExecutionStatus IN (${names.map(quoted).join(', ')})`;
}

function equals(attribute: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`${attribute} = ${quoted(value)}`];
}

function notBefore(attribute: string, time: Date | undefined): string[] {
  return time === undefined ? [] : [`${attribute} >= ${quoted(time.toISOString())}`];
}

/**
 * A literal of the query language, whose grammar is MySQL's: a backslash escapes. On SQLite and PostgreSQL the server
 * then finds no value that holds a backslash, a double quote or a line break; no id of ours can.
 */
export function quoted(value: string): string {
  return `'${value.replace(/[\\']/g, (character) => `\\${character}`)}'`;
}

function listed(execution: WorkflowExecutionInfo): ListedOnboarding {
  const { typedSearchAttributes: attributes, memo, startTime, closeTime, workflowId, runId } = execution;
  const dealId = attributes.get(DealIdKey);
  const resellerId = attributes.get(ResellerIdKey);
  const customerId = attributes.get(CustomerIdKey);
  const campaignId = attributes.get(CampaignIdKey);
  const attentionReason = closeTime === undefined ? attributes.get(AttentionReasonKey) : undefined;
  const acceptBy = closeTime === undefined ? attributes.get(AcceptByKey) : undefined;
  const shown = attributes.get(OnboardingStatusKey) as OnboardingStatus | undefined;
  return {
    // Without attributes there are only runs started by hand that no worker has seen yet.
    id: dealId === undefined ? workflowId : onboardingId({ dealId, ...(resellerId !== undefined && { resellerId }) }),
    status: endFromOutside(execution) ?? shown ?? 'creatingAttestation',
    ...(attentionReason !== undefined && { attentionReason }),
    dealId: dealId ?? workflowId,
    ...(resellerId !== undefined && { resellerId }),
    ...(customerId !== undefined && { customerId }),
    ...(campaignId !== undefined && { campaignId }),
    attempt: attemptOf(memo),
    startedAt: startTime.toISOString(),
    ...(acceptBy && { acceptBy: acceptBy.toISOString() }),
    ...(closeTime && { closedAt: closeTime.toISOString() }),
    runId,
  };
}
