/**
 * The open runs that need somebody. Found by counting and naming a few, which costs the server about the same for ten
 * runs and for ten thousand; from visibility, so a moment behind.
 */
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { AttentionReason } from '../onboarding/failures';
import { parseWorkflowId } from '../onboarding/ids';
import { needsAttentionQuery, quote, visibilityQuery } from './listing';
import { AcceptByKey, OnboardingStatusKey } from '../temporal/search-attributes';

const OVERDUE_AFTER_MS = 60 * 60_000; // a worker that was down for a while catches up by then
const NAMED = 5;

/** The server's own: set after a few failures of a run's workflow tasks in a row, removed by the next success. */
const ReportedProblemsKey = defineSearchAttributeKey('TemporalReportedProblems', 'KEYWORD_LIST');

export interface Found {
  count: number;
  /** The newest few. */
  runs: WorkflowExecutionInfo[];
}

/** Runs of this installation that cannot move: their workflow tasks fail again and again. */
export function stuckQuery(taskQueue: string): string {
  const problems = `${ReportedProblemsKey.name} IN ('category=WorkflowTaskFailed', 'category=WorkflowTaskTimedOut')`;
  return `TaskQueue = ${quote(taskQueue)} AND ExecutionStatus = 'Running' AND ${problems}`;
}

/** Runs that should have ended or parked at the end of their link, and did neither. */
export function overdueQuery(now: number): string {
  const longAgo = quote(new Date(now - OVERDUE_AFTER_MS).toISOString());
  const mayGoOn = `${OnboardingStatusKey.name} NOT IN ('needsAttention', 'creatingAgreement')`;
  return `${visibilityQuery({})} AND ExecutionStatus = 'Running' AND ${AcceptByKey.name} < ${longAgo} AND ${mayGoOn}`;
}

/** Runs with a call to Partner Center under way, or between two tries of it. */
export function callingQuery(): string {
  const calling = `${OnboardingStatusKey.name} IN ('creatingAttestation', 'creatingAgreement')`;
  return `${visibilityQuery({})} AND ExecutionStatus = 'Running' AND ${calling}`;
}

export async function countRuns(client: Client, query: string): Promise<number> {
  return (await client.workflow.count(query)).count;
}

/** How many there are, and the newest few of them. */
export async function findRuns(client: Client, query: string, atMost = NAMED): Promise<Found> {
  const count = await countRuns(client, query);
  const runs: WorkflowExecutionInfo[] = [];
  if (count === 0) return { count, runs };
  for await (const run of client.workflow.list({ query, pageSize: atMost })) {
    if (runs.push(run) === atMost) break;
  }
  return { count, runs };
}

/** Whether the server marks runs whose workflow tasks fail: server 1.32 does, an older one where it is told to. */
export async function marksStuckRuns({ workflowService, options }: Client): Promise<boolean> {
  const { namespaceInfo } = await workflowService.describeNamespace({ namespace: options.namespace });
  return namespaceInfo?.capabilities?.reportedProblemsSearchAttribute ?? false;
}

/** The open runs that need somebody, found by counting and naming a few; from visibility, so a moment behind. */
export class RunHealth {
  constructor(
    private readonly client: Client,
    private readonly taskQueue: string,
  ) {}

  countNeedingAttention(reason?: AttentionReason): Promise<number> {
    return countRuns(this.client, needsAttentionQuery(reason));
  }

  findNeedingAttention(reason?: AttentionReason): Promise<FoundRuns> {
    return this.find(needsAttentionQuery(reason));
  }

  /** Runs that are open an hour after the end of their link and wait for nobody. */
  countOverdue(): Promise<number> {
    return countRuns(this.client, overdueQuery(Date.now()));
  }

  findOverdue(): Promise<FoundRuns> {
    return this.find(overdueQuery(Date.now()));
  }

  /** Runs whose workflow tasks fail again and again; undefined where the server does not mark them (before 1.30). */
  async countStuck(): Promise<number | undefined> {
    return (await marksStuckRuns(this.client)) ? countRuns(this.client, stuckQuery(this.taskQueue)) : undefined;
  }

  /** The same, with the causes by Temporal's names, for example `NonDeterministicError`. */
  async findStuck(): Promise<(FoundRuns & { causes: string[] }) | undefined> {
    if (!(await marksStuckRuns(this.client))) return undefined;
    const { count, runs } = await findRuns(this.client, stuckQuery(this.taskQueue));
    return { count, ids: toIds(runs), causes: [...new Set(runs.map(getStuckCause))] };
  }

  /**
   * The calls to Partner Center that are in their attempt number `minAttempts` or later, among the newest `maxRuns` runs
   * with a call under way; asks the server once for each run. `calling` counts all runs with a call under way.
   */
  async findLongRetries(
    minAttempts: number,
    maxRuns: number,
  ): Promise<{ calling: number; inspected: number; calls: RetriedCall[] }> {
    const { count, runs } = await findRuns(this.client, callingQuery(), maxRuns);
    return { calling: count, inspected: runs.length, calls: await retriedCalls(this.client, runs, minAttempts) };
  }

  private async find(query: string): Promise<FoundRuns> {
    const { count, runs } = await findRuns(this.client, query);
    return { count, ids: toIds(runs) };
  }
}

/** How many runs there are, and the outside ids of the newest few. */
export interface FoundRuns {
  count: number;
  ids: string[];
}

function toIds(runs: readonly WorkflowExecutionInfo[]): string[] {
  return runs.map(({ workflowId }) => parseWorkflowId(workflowId));
}

/** Why a run is stuck, by Temporal's name of it, for example `NonDeterministicError`. */
export function getStuckCause({ typedSearchAttributes }: WorkflowExecutionInfo): string {
  const cause = typedSearchAttributes.get(ReportedProblemsKey)?.find((problem) => problem.startsWith('cause='));
  return cause?.replace(/^cause=WorkflowTask(Failed|TimedOut)Cause/, '') ?? 'unknown';
}

/** A call to Partner Center that has failed again and again, and is tried on. */
export interface RetriedCall {
  id: string;
  activity: string;
  /** Tries so far, the present one included. */
  attempt: number;
  /** The type of the last failure. */
  failure: string;
}

/** The calls of these runs that were tried so many times or more; asks the server once for each run. */
export async function retriedCalls(
  client: Client,
  runs: readonly WorkflowExecutionInfo[],
  tries: number,
): Promise<RetriedCall[]> {
  const calls = await Promise.all(runs.map((run) => retriedCallsOf(client, run, tries)));
  return calls.flat();
}

async function retriedCallsOf(
  client: Client,
  { workflowId, runId }: WorkflowExecutionInfo,
  tries: number,
): Promise<RetriedCall[]> {
  const { raw } = await client.workflow.getHandle(workflowId, runId).describe();
  return (raw.pendingActivities ?? [])
    .filter(({ attempt }) => (attempt ?? 0) >= tries)
    .map(({ activityType, attempt, lastFailure }) => ({
      id: parseWorkflowId(workflowId),
      activity: activityType?.name ?? 'unknown',
      attempt: attempt!,
      failure: lastFailure?.applicationFailureInfo?.type ?? 'noAnswer',
    }));
}
