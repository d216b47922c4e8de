/** Where the onboarding of one deal stands, with or without a worker to ask. */
import { type Client, QueryNotRegisteredError, type WorkflowExecutionDescription } from '@temporalio/client';
import type { AttentionReason } from '../onboarding/failure-types';
import type { OnboardingResult, OnboardingStatus, OnboardingView } from '../onboarding/view';
import type { agreementOnboarding } from '../workflows';
import { onboardingStatusQuery } from '../workflows/messages';
import { grpcCode, getGrpcFailure } from '../temporal/grpc-code';
import { toWorkflowId } from '../onboarding/ids';
import { AcceptByKey, AttentionReasonKey, OnboardingStatusKey } from '../temporal/search-attributes';
import { readRequest } from './start';

/** A worker that runs answers within milliseconds; the first query after its restart replays the run. */
const QUERY_DEADLINE_MS = 1_200;
const READ_DEADLINE_MS = 5_000;

/** What Temporal itself knows of the newest run of a deal. */
export interface RunSummary {
  status: OnboardingStatus;
  isOpen: boolean;
  runId: string;
  attempt: number;
  /** The end of the customer's link, ISO 8601; absent before the first attestation and after the end. */
  acceptBy?: string;
}

/** `partial`: no worker answered, so that rounds, acceptance and history are missing. */
export type ReadView = OnboardingView & { partial?: true };

/** The status of a deal's newest run, without a worker. @throws WorkflowNotFoundError for an unknown deal. */
export async function readSummary(client: Client, id: string): Promise<RunSummary> {
  return standingOf(await describe(client, id));
}

/** The same, and with it the way to the view of that run. @throws WorkflowNotFoundError for an unknown deal. */
export async function readSummaryThenView(
  client: Client,
  id: string,
): Promise<{ summary: RunSummary; view: () => Promise<ReadView> }> {
  const description = await describe(client, id);
  return { summary: standingOf(description), view: () => viewOf(client, description) };
}

function standingOf(description: WorkflowExecutionDescription): RunSummary {
  const isOpen = description.status.name === 'RUNNING';
  const acceptBy = isOpen ? description.typedSearchAttributes.get(AcceptByKey)?.toISOString() : undefined;
  return {
    status: statusOf(description),
    isOpen,
    runId: description.runId,
    attempt: attemptOf(description.memo),
    ...(acceptBy !== undefined && { acceptBy }),
  };
}

/**
 * The view of a deal's newest run, or of the run that is named: its own answer, or where no worker gives one in time,
 * what Temporal has stored.
 * @throws WorkflowNotFoundError for a deal that was never started or is past the namespace's retention.
 */
export async function readView(client: Client, id: string, runOfInterest?: string): Promise<ReadView> {
  return viewOf(client, await describe(client, id, runOfInterest));
}

async function viewOf(client: Client, description: WorkflowExecutionDescription): Promise<ReadView> {
  const { workflowId, runId } = description;
  const answered = await client
    .withDeadline(Date.now() + QUERY_DEADLINE_MS, () =>
      client.workflow.getHandle(workflowId, runId).query(onboardingStatusQuery),
    )
    .catch(unlessUnanswered);
  return answered === undefined ? storedView(client, description) : asClosed(answered, description);
}

function describe(client: Client, id: string, runId?: string): Promise<WorkflowExecutionDescription> {
  const handle = client.workflow.getHandle(toWorkflowId(id), runId);
  return client.withDeadline(Date.now() + READ_DEADLINE_MS, () => handle.describe());
}

function storedView(client: Client, description: WorkflowExecutionDescription): Promise<ReadView> {
  const { workflowId, runId, typedSearchAttributes, memo, startTime, closeTime } = description;
  return client.withDeadline(Date.now() + READ_DEADLINE_MS, async () => {
    const request = await readRequest(client, workflowId, runId);
    const result = await storedResult(client, description);
    const attentionReason = typedSearchAttributes.get(AttentionReasonKey) as AttentionReason | undefined;
    const acceptBy = typedSearchAttributes.get(AcceptByKey)?.toISOString();
    return {
      partial: true,
      status: result?.outcome ?? statusOf(description),
      ...(attentionReason !== undefined && closeTime === undefined && { attentionReason }),
      dealId: request.dealId,
      ...(request.resellerId !== undefined && { resellerId: request.resellerId }),
      customerId: request.customerId,
      attempt: attemptOf(memo),
      createdAt: startTime.toISOString(),
      ...(acceptBy !== undefined && closeTime === undefined && { acceptBy }),
      ...(result?.acceptedAt !== undefined && { acceptedAt: result.acceptedAt }),
      ...(closeTime && { completedAt: closeTime.toISOString() }),
      ...(result?.decline && { decline: result.decline }),
      ...(result?.problem && { problem: result.problem }),
      ...(result && { result }),
      ...(request.metadata && { metadata: request.metadata }),
      history: [],
    };
  });
}

async function storedResult(
  client: Client,
  { workflowId, runId, status }: WorkflowExecutionDescription,
): Promise<OnboardingResult | undefined> {
  if (status.name !== 'COMPLETED') return undefined;
  return client.workflow.getHandle<typeof agreementOnboarding>(workflowId, runId, { followRuns: false }).result();
}

/** A run that was ended from outside never came to say so itself: Temporal's own close status stands above its view. */
function asClosed(view: OnboardingView, description: WorkflowExecutionDescription): OnboardingView {
  const status = endFromOutside(description);
  if (status === undefined || status === view.status) return view;
  const { attentionReason: _reason, nextRetryAt: _retry, attestation, ...rest } = view;
  return {
    ...rest,
    status,
    ...(attestation && { attestation: { ...attestation, live: false } }),
    ...(description.closeTime && { completedAt: description.closeTime.toISOString() }),
  };
}

function statusOf(description: WorkflowExecutionDescription): OnboardingStatus {
  const shown = description.typedSearchAttributes.get(OnboardingStatusKey) as OnboardingStatus | undefined;
  // Absent only where a run was started by hand and no worker has seen it yet.
  return endFromOutside(description) ?? shown ?? 'creatingAttestation';
}

/** The status that Temporal's close status means, where the run did not complete. */
export function endFromOutside({
  status,
}: Pick<WorkflowExecutionDescription, 'status'>): 'cancelled' | 'failed' | undefined {
  if (status.name === 'CANCELLED') return 'cancelled';
  return status.name === 'FAILED' || status.name === 'TERMINATED' || status.name === 'TIMED_OUT' ? 'failed' : undefined;
}

/** The number of this attempt at a deal, from the memo of its run. */
export function attemptOf(memo: Record<string, unknown> | undefined): number {
  return typeof memo?.['attempt'] === 'number' ? memo['attempt'] : 1;
}

/** Whatever a reachable server says instead of an answer counts as none; that it cannot be reached does not. */
function unlessUnanswered(error: unknown): undefined {
  const { unavailable, permissionDenied, unauthenticated } = grpcCode;
  const code = getGrpcFailure(error)?.code;
  const isServersOwn = code === unavailable || code === permissionDenied || code === unauthenticated;
  const isUnanswered = error instanceof QueryNotRegisteredError || (code !== undefined && !isServersOwn);
  if (!isUnanswered) throw error;
  return undefined;
}
