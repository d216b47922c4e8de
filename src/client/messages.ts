/** Messages to a run: decisions of the customer or an operator. */
import { randomUUID } from 'node:crypto';
import {
  type Client,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Acceptance, DeclineCode, PageVisit, Receipt } from '../onboarding/acceptance';
import {
  customerAcceptedSignal,
  declineUpdate,
  pageVisitedSignal,
  recordAcceptanceUpdate,
  renewAttestationUpdate,
  retrySignal,
} from '../workflows/messages';
import { getGrpcFailure } from '../temporal/grpc-code';
import { toWorkflowId } from '../onboarding/ids';

/** An update waits for a worker; after this an acceptance is sent as a signal instead. */
const UPDATE_DEADLINE_MS = 1_200;
const SIGNAL_DEADLINE_MS = 5_000;
const READ_DEADLINE_MS = 5_000;
/** A renewal waits for Partner Center, which takes seconds; a person does not wait longer for a page. */
const RENEWAL_DEADLINE_MS = 10_000;

export type MessageResult<T> =
  | { outcome: 'recorded'; value: T }
  /** No worker answered: stored in the run's history, to be read by the next one. */
  | { outcome: 'stored'; acceptanceId: string }
  /** The run's own refusal, for example `TooLate`. */
  | { outcome: 'refused'; type: string; message: string }
  /** There is no open run of this deal. */
  | { outcome: 'notOpen' };

/**
 * Reports the customer's acceptance and never loses it. An update is tried first, because it returns a receipt; if the
 * run does not answer, the signal with the same acceptance id is sent, which is stored immediately. With a run id only
 * that run gets it.
 */
export async function reportAcceptance(
  client: Client,
  id: string,
  acceptance: Acceptance,
  runId?: string,
): Promise<MessageResult<Receipt>> {
  const acceptanceId = acceptance.acceptanceId ?? randomUUID();
  const stamped = { acceptedAt: new Date().toISOString(), ...acceptance, acceptanceId };
  const handle = client.workflow.getHandle(toWorkflowId(id), runId);
  const result = await sendUpdate(client, UPDATE_DEADLINE_MS, () =>
    handle.executeUpdate(recordAcceptanceUpdate, { args: [stamped], updateId: acceptanceId }),
  );
  if (result !== undefined) return result;
  try {
    await client.withDeadline(Date.now() + SIGNAL_DEADLINE_MS, () => handle.signal(customerAcceptedSignal, stamped));
    return { outcome: 'stored', acceptanceId };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { outcome: 'notOpen' };
    throw error;
  }
}

/**
 * Whether an acceptance is stored that no worker has read yet: signals after the last completed workflow task have not
 * been read. While a task is lost with its worker the server keeps signals out of the history, for ten seconds.
 */
export async function hasUnreadAcceptance(client: Client, id: string, runId: string): Promise<boolean> {
  const { history } = await client.withDeadline(Date.now() + READ_DEADLINE_MS, () =>
    client.workflowService.getWorkflowExecutionHistoryReverse({
      namespace: client.options.namespace,
      execution: { workflowId: toWorkflowId(id), runId },
      maximumPageSize: 50,
    }),
  );
  for (const event of history?.events ?? []) {
    if (event.workflowTaskCompletedEventAttributes) return false;
    if (event.workflowExecutionSignaledEventAttributes?.signalName === customerAcceptedSignal.name) return true;
  }
  return false;
}

/** Ends the run as declined. `undefined`: no worker answered in time, so it is unknown whether the decline was recorded. */
export async function reportDecline(
  client: Client,
  id: string,
  decline: { code: DeclineCode; comment?: string },
  { runId, deadlineMs = SIGNAL_DEADLINE_MS }: { runId?: string; deadlineMs?: number } = {},
): Promise<MessageResult<{ declinedAt: string }> | undefined> {
  const handle = client.workflow.getHandle(toWorkflowId(id), runId);
  return sendUpdate(client, deadlineMs, () => handle.executeUpdate(declineUpdate, { args: [decline] }));
}

/** Asks for a valid attestation: the current one, or a new one. `undefined`: no worker answered in time. */
export async function requestRenewal(client: Client, id: string, runId: string) {
  const handle = client.workflow.getHandle(toWorkflowId(id), runId);
  return sendUpdate(client, RENEWAL_DEADLINE_MS, () => handle.executeUpdate(renewAttestationUpdate));
}

/** Records a visit to the run's page. @throws WorkflowNotFoundError when that run is not open. */
export async function reportVisit(client: Client, id: string, runId: string, visit: PageVisit): Promise<void> {
  const handle = client.workflow.getHandle(toWorkflowId(id), runId);
  await client.withDeadline(Date.now() + SIGNAL_DEADLINE_MS, () => handle.signal(pageVisitedSignal, visit));
}

/** Resumes a run that needs attention; with a run id only that run. @throws WorkflowNotFoundError when it is not open. */
export async function requestRetry(client: Client, id: string, runId?: string): Promise<void> {
  await client.workflow.getHandle(toWorkflowId(id), runId).signal(retrySignal);
}

/** Asks the run to end; a Create Agreement call in progress is completed first. @throws WorkflowNotFoundError */
export async function requestCancellation(client: Client, id: string): Promise<void> {
  await client.workflow.getHandle(toWorkflowId(id)).cancel();
}

/** The run's answer to an update; `undefined` if no worker answered in time or the call to the server failed. */
async function sendUpdate<T>(
  client: Client,
  deadlineMs: number,
  update: () => Promise<T>,
): Promise<MessageResult<T> | undefined> {
  try {
    return { outcome: 'recorded', value: await client.withDeadline(Date.now() + deadlineMs, update) };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { outcome: 'notOpen' };
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || getGrpcFailure(error)) return undefined;
    if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) {
      const { type, message } = error.cause;
      // This type comes from the server, not from the run: the run ended while the update was on its way.
      if (type === 'AcceptedUpdateCompletedWorkflow') return { outcome: 'notOpen' };
      return { outcome: 'refused', type: type ?? 'Refused', message };
    }
    throw error;
  }
}
