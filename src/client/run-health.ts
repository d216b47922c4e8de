/**
 * Open runs that are stuck, overdue or need attention, for metrics and the doctor. Counting and naming a few costs the
 * server about the same for ten runs and for ten thousand. The data comes from visibility, so it lags by a moment.
 */
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { AttentionReason } from '../onboarding/failures';
import { parseWorkflowId } from '../onboarding/ids';
import { AcceptByKey, OnboardingStatusKey } from '../temporal/search-attributes';
import { buildNeedsAttentionQuery, quote, buildVisibilityQuery } from './listing';

const OVERDUE_AFTER_MS = 60 * 60_000; // a worker that was down for a while catches up by then
const MAX_NAMED = 5;

/** The server's own search attribute: set after a few failures of a run's workflow tasks in a row, removed by the next success. */
const ReportedProblemsKey = defineSearchAttributeKey('TemporalReportedProblems', 'KEYWORD_LIST');

/** How many runs there are, and the external ids of the newest few. */
export interface FoundRuns {
  count: number;
  ids: string[];
}

/** A call to Partner Center that is in progress or being retried. */
export type PendingCall = Awaited<ReturnType<RunHealth['findLongRetries']>>['calls'][number];

export class RunHealth {
  constructor(
    private readonly client: Client,
    private readonly taskQueue: string,
  ) {}

  /** Runs that are waiting for an operator for this reason. If `maxNamed` is 0, this and the next two only count. */
  findNeedingAttention(reason: AttentionReason, maxNamed = MAX_NAMED): Promise<FoundRuns> {
    return this.find(buildNeedsAttentionQuery(reason), maxNamed);
  }

  /** Open runs whose link expired over an hour ago, except those that need attention or are creating the agreement. */
  findOverdue(maxNamed = MAX_NAMED): Promise<FoundRuns> {
    return this.find(buildOverdueQuery(Date.now()), maxNamed);
  }

  /**
   * Runs whose workflow tasks fail repeatedly, with the causes of the named ones by Temporal's names, for example
   * `NonDeterministicError`; undefined if the server does not mark them.
   */
  async findStuck(maxNamed = MAX_NAMED): Promise<(FoundRuns & { causes: string[] }) | undefined> {
    if (!(await this.marksStuckRuns())) return undefined;
    const { count, runs } = await this.list(buildStuckQuery(this.taskQueue), maxNamed);
    return { count, ids: toIds(runs), causes: [...new Set(runs.map(getStuckCause))] };
  }

  /**
   * The calls to Partner Center that are in their attempt number `minAttempts` or later, among the newest `maxRuns` runs
   * with a call in progress; asks the server once for each run. `calling` counts all runs with a call in progress.
   */
  async findLongRetries(minAttempts: number, maxRuns: number) {
    const { count, runs } = await this.list(buildCallingQuery(), maxRuns);
    const calls = await Promise.all(runs.map((run) => this.readPendingCalls(run)));
    const retried = calls.flat().filter(({ attempt }) => attempt >= minAttempts);
    return { calling: count, inspected: runs.length, calls: retried };
  }

  private async find(query: string, maxNamed: number): Promise<FoundRuns> {
    const { count, runs } = await this.list(query, maxNamed);
    return { count, ids: toIds(runs) };
  }

  private async list(query: string, maxRuns: number): Promise<{ count: number; runs: WorkflowExecutionInfo[] }> {
    const { count } = await this.client.workflow.count(query);
    const runs: WorkflowExecutionInfo[] = [];
    if (count === 0 || maxRuns === 0) return { count, runs };
    for await (const run of this.client.workflow.list({ query, pageSize: maxRuns })) {
      if (runs.push(run) === maxRuns) break;
    }
    return { count, runs };
  }

  private async readPendingCalls({ workflowId, runId }: WorkflowExecutionInfo) {
    const { raw } = await this.client.workflow.getHandle(workflowId, runId).describe();
    return (raw.pendingActivities ?? []).map(({ activityType, attempt, lastFailure }) => ({
      id: parseWorkflowId(workflowId),
      activity: activityType?.name ?? 'unknown',
      attempt: attempt ?? 0, // counted from 1
      failure: lastFailure?.applicationFailureInfo?.type ?? 'noAnswer',
    }));
  }

  /** Whether the server marks stuck runs: by default from 1.32 on, in 1.30 and 1.31 only if it is configured to. */
  private async marksStuckRuns(): Promise<boolean> {
    const { workflowService, options } = this.client;
    const { namespaceInfo } = await workflowService.describeNamespace({ namespace: options.namespace });
    return namespaceInfo?.capabilities?.reportedProblemsSearchAttribute ?? false;
  }
}

/** Runs of this installation whose workflow tasks fail repeatedly. */
function buildStuckQuery(taskQueue: string): string {
  const problems = `${ReportedProblemsKey.name} IN ('category=WorkflowTaskFailed', 'category=WorkflowTaskTimedOut')`;
  return `TaskQueue = ${quote(taskQueue)} AND ExecutionStatus = 'Running' AND ${problems}`;
}

function buildOverdueQuery(now: number): string {
  const latest = quote(new Date(now - OVERDUE_AFTER_MS).toISOString());
  const statuses = `${OnboardingStatusKey.name} NOT IN ('needsAttention', 'creatingAgreement')`;
  return `${buildVisibilityQuery({})} AND ExecutionStatus = 'Running' AND ${AcceptByKey.name} < ${latest} AND ${statuses}`;
}

/** Runs with a call to Partner Center in progress, or between two attempts at it. */
function buildCallingQuery(): string {
  const statuses = `${OnboardingStatusKey.name} IN ('creatingAttestation', 'creatingAgreement')`;
  return `${buildVisibilityQuery({})} AND ExecutionStatus = 'Running' AND ${statuses}`;
}

function getStuckCause({ typedSearchAttributes }: WorkflowExecutionInfo): string {
  const cause = typedSearchAttributes.get(ReportedProblemsKey)?.find((problem) => problem.startsWith('cause='));
  return cause?.replace(/^cause=WorkflowTask(Failed|TimedOut)Cause/, '') ?? 'unknown';
}

function toIds(runs: readonly WorkflowExecutionInfo[]): string[] {
  return runs.map(({ workflowId }) => parseWorkflowId(workflowId));
}
