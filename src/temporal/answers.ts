/** Telling a run what the customer or an operator has decided. */
import { randomUUID } from 'node:crypto';
import {
  type Client,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Acceptance, DeclineCode, Receipt } from '../onboarding/acceptance';
import { customerAcceptedSignal, declineUpdate, recordAcceptanceUpdate, retrySignal } from '../workflows/messages';
import { grpcFailureOf } from './grpc-code';
import { workflowIdOfOnboarding } from './ids';

/** An update waits for a worker; after this the answer is stored as a signal instead, or the caller hears of it. */
const UPDATE_DEADLINE_MS = 1_200;
const SIGNAL_DEADLINE_MS = 5_000;

export type Told<T> =
  | { outcome: 'recorded'; value: T }
  /** No worker answered: stored in the run's history, to be read by the next one. */
  | { outcome: 'stored'; acceptanceId: string }
  /** The run's own verdict, for example `TooLate`. */
  | { outcome: 'refused'; type: string; message: string }
  /** There is no open run of this deal. */
  | { outcome: 'notOpen' };

/**
 * Reports the customer's acceptance and never loses it: an update first, which answers, and on anything that is not a
 * verdict the signal with the same acceptance id, which is durable at once.
 */
export async function reportAcceptance(client: Client, id: string, acceptance: Acceptance): Promise<Told<Receipt>> {
  const acceptanceId = acceptance.acceptanceId ?? randomUUID();
  const stamped = { acceptedAt: new Date().toISOString(), ...acceptance, acceptanceId };
  const handle = client.workflow.getHandle(workflowIdOfOnboarding(id));
  const told = await verdictOf(() =>
    client.withDeadline(Date.now() + UPDATE_DEADLINE_MS, () =>
      handle.executeUpdate(recordAcceptanceUpdate, { args: [stamped], updateId: acceptanceId }),
    ),
  );
  if (told !== undefined) return told;
  try {
    await client.withDeadline(Date.now() + SIGNAL_DEADLINE_MS, () => handle.signal(customerAcceptedSignal, stamped));
    return { outcome: 'stored', acceptanceId };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { outcome: 'notOpen' };
    throw error;
  }
}

/** Ends the run as declined. `undefined`: no worker answered in time, and nothing was recorded for sure. */
export async function reportDecline(
  client: Client,
  id: string,
  decline: { code: DeclineCode; comment?: string },
): Promise<Told<{ declinedAt: string }> | undefined> {
  const handle = client.workflow.getHandle(workflowIdOfOnboarding(id));
  return verdictOf(() =>
    client.withDeadline(Date.now() + SIGNAL_DEADLINE_MS, () =>
      handle.executeUpdate(declineUpdate, { args: [decline] }),
    ),
  );
}

/** Tells a parked run to go on. @throws WorkflowNotFoundError when no run of the deal is open. */
export async function requestRetry(client: Client, id: string): Promise<void> {
  await client.workflow.getHandle(workflowIdOfOnboarding(id)).signal(retrySignal);
}

/** Asks the run to end; a call to Partner Center on its way is still waited for. @throws WorkflowNotFoundError */
export async function requestCancellation(client: Client, id: string): Promise<void> {
  await client.workflow.getHandle(workflowIdOfOnboarding(id)).cancel();
}

/** The run's own verdict on an update; `undefined` where it gave none: no worker in time, or the server's limits. */
async function verdictOf<T>(update: () => Promise<T>): Promise<Told<T> | undefined> {
  try {
    return { outcome: 'recorded', value: await update() };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { outcome: 'notOpen' };
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || grpcFailureOf(error)) return undefined;
    if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) {
      const { type, message } = error.cause;
      // Named by the server, not by the run: it ended while the update was on its way.
      if (type === 'AcceptedUpdateCompletedWorkflow') return { outcome: 'notOpen' };
      return { outcome: 'refused', type: type ?? 'Refused', message };
    }
    throw error;
  }
}
