/** Reading one onboarding: the summary that Temporal has, the view that a worker gives, the request it was started with. */
import {
  type Client,
  QueryNotRegisteredError,
  type WorkflowExecutionDescription,
  type WorkflowExecutionInfo,
} from '@temporalio/client';
import type { QueryDefinition } from '@temporalio/common';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow';
import type { AttentionReason } from '../onboarding/failures';
import { getAttempt, parseWorkflowId, toWorkflowId } from '../onboarding/ids';
import type { OnboardingRequest } from '../onboarding/request';
import type { OnboardingStatus, OnboardingView } from '../onboarding/view';
import { getGrpcFailure, grpcCode } from '../temporal/grpc-code';
import { AcceptByKey, AttentionReasonKey, OnboardingStatusKey } from '../temporal/search-attributes';
import type { agreementOnboarding } from '../workflows';
import { onboardingStatusQuery } from '../workflows/messages';

/** A running worker answers within milliseconds; the first query after its restart replays the run. */
const QUERY_DEADLINE_MS = 1_200;
const READ_DEADLINE_MS = 5_000;

/** What Temporal itself stores about the newest run of a deal. */
export type RunSummary = ReturnType<typeof toSummary>;

/** The status of a deal's newest run, without a worker. @throws WorkflowNotFoundError for an unknown deal. */
export async function readSummary(client: Client, id: string): Promise<RunSummary> {
  return toSummary(await describe(client, id));
}

/** The same, with a function that reads the view of that run. @throws WorkflowNotFoundError for an unknown deal. */
export async function readSummaryThenView(client: Client, id: string) {
  const description = await describe(client, id);
  return { summary: toSummary(description), view: () => readDescribedView(client, description) };
}

/**
 * The view of a deal's newest run, or of the run that is named: the run's own answer, or if no worker answers in
 * time, what Temporal has stored.
 * @throws WorkflowNotFoundError for a deal that was never started or is past the namespace's retention.
 */
export async function readView(client: Client, id: string, runId?: string): Promise<OnboardingView> {
  return readDescribedView(client, await describe(client, id, runId));
}

/** The argument that a run was started with, from the first event of its history; needs no worker. */
export async function readRequest(client: Client, id: string, runId?: string): Promise<OnboardingRequest> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId: toWorkflowId(id), runId },
    maximumPageSize: 1,
  });
  const payloads = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads;
  const [request] = await decodeArrayFromPayloads(client.options.loadedDataConverter, payloads);
  return request as OnboardingRequest;
}

/** The run's answer to a query; undefined if no worker gives one in time. */
export function queryRun<T>(
  client: Client,
  { workflowId, runId }: WorkflowExecutionDescription,
  query: QueryDefinition<T>,
): Promise<T | undefined> {
  return client
    .withDeadline(Date.now() + QUERY_DEADLINE_MS, () => client.workflow.getHandle(workflowId, runId).query(query))
    .catch(ignoreUnanswered);
}

/** The status of a run: Temporal's close status, else the last status that the run itself has set. */
export function getStatus(run: Pick<WorkflowExecutionInfo, 'status' | 'typedSearchAttributes'>): OnboardingStatus {
  const shown = run.typedSearchAttributes.get(OnboardingStatusKey) as OnboardingStatus | undefined;
  // Absent only where a run was started manually and no worker has seen it yet.
  return getForcedStatus(run) ?? shown ?? 'creatingAttestation';
}

/** The status that corresponds to Temporal's close status, for a run that did not complete. */
function getForcedStatus({ status }: Pick<WorkflowExecutionInfo, 'status'>): 'cancelled' | 'failed' | undefined {
  if (status.name === 'CANCELLED') return 'cancelled';
  return status.name === 'FAILED' || status.name === 'TERMINATED' || status.name === 'TIMED_OUT' ? 'failed' : undefined;
}

async function readDescribedView(client: Client, description: WorkflowExecutionDescription): Promise<OnboardingView> {
  const view = await queryRun(client, description, onboardingStatusQuery);
  return view === undefined ? readStoredView(client, description) : withCloseStatus(view, description);
}

function describe(client: Client, id: string, runId?: string): Promise<WorkflowExecutionDescription> {
  const handle = client.workflow.getHandle(toWorkflowId(id), runId);
  return client.withDeadline(Date.now() + READ_DEADLINE_MS, () => handle.describe());
}

function toSummary(description: WorkflowExecutionDescription) {
  const { status, typedSearchAttributes, runId, memo } = description;
  const isOpen = status.name === 'RUNNING';
  /** The end of the customer's link, ISO 8601; absent before the first attestation and after the end. */
  const acceptBy = isOpen ? typedSearchAttributes.get(AcceptByKey)?.toISOString() : undefined;
  return { status: getStatus(description), isOpen, runId, attempt: getAttempt(memo), acceptBy };
}

function readStoredView(client: Client, description: WorkflowExecutionDescription): Promise<OnboardingView> {
  const { workflowId, runId, typedSearchAttributes, startTime, closeTime } = description;
  const { status, isOpen, attempt, acceptBy } = toSummary(description);
  return client.withDeadline(Date.now() + READ_DEADLINE_MS, async () => {
    const request = await readRequest(client, parseWorkflowId(workflowId), runId);
    const result = await readResult(client, description);
    return {
      partial: true,
      status: result?.outcome ?? status,
      attentionReason: isOpen ? (typedSearchAttributes.get(AttentionReasonKey) as AttentionReason) : undefined,
      dealId: request.dealId,
      resellerId: request.resellerId,
      customerId: request.customerId,
      attempt,
      createdAt: startTime.toISOString(),
      acceptBy,
      acceptedAt: result?.acceptedAt,
      completedAt: closeTime?.toISOString(),
      decline: result?.decline,
      problem: result?.problem,
      result,
      metadata: request.metadata,
      history: [],
    };
  });
}

async function readResult(client: Client, { workflowId, runId, status }: WorkflowExecutionDescription) {
  if (status.name !== 'COMPLETED') return undefined;
  return client.workflow.getHandle<typeof agreementOnboarding>(workflowId, runId, { followRuns: false }).result();
}

/** A run that was terminated or failed could not update its view: Temporal's close status takes precedence. */
function withCloseStatus(view: OnboardingView, description: WorkflowExecutionDescription): OnboardingView {
  const status = getForcedStatus(description);
  if (status === undefined || status === view.status) return view;
  const { attentionReason: _reason, nextRetryAt: _retry, attestation, completedAt, ...rest } = view;
  return {
    ...rest,
    status,
    attestation: attestation && { ...attestation, live: false },
    completedAt: description.closeTime?.toISOString() ?? completedAt,
  };
}

/** Treats an error from a reachable server as no answer; rethrows it if the server is unreachable or denies access. */
function ignoreUnanswered(error: unknown): undefined {
  if (error instanceof QueryNotRegisteredError) return undefined;
  const { unavailable, permissionDenied, unauthenticated } = grpcCode;
  const code: number | undefined = getGrpcFailure(error)?.code;
  if (code === undefined || [unavailable, permissionDenied, unauthenticated].some((each) => each === code)) throw error;
  return undefined;
}
