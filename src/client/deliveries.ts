/** The events of a deal's newest run at its CRM: what became of them, and sending them again. */
import { type Client, WorkflowNotFoundError, type WorkflowExecutionDescription } from '@temporalio/client';
import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow';
import type { DeliveryFailure, EventDelivery } from '../onboarding/delivery';
import type { crmDelivery } from '../workflows';
import { deliveryFailureFrom } from '../workflows/delivery-failure';
import { resendSignal } from '../workflows/delivery-messages';
import { firstPending, reopen } from '../workflows/event-queue';
import { readDeliveryHistory, type RecordedDelivery } from './delivery-history';
import { readSummary } from './summary';

/** The delivery of one run's events. */
export function deliveryWorkflowIdOf(runId: string): string {
  return `crm-delivery-${runId}`;
}

/** The try that is under way or waits for its turn. */
export interface OpenTry {
  sequence: number;
  attempt: number;
  lastFailure?: DeliveryFailure;
}

export interface DeliveryReport {
  /** False once the delivery has ended: after the last event, at 410, after long silence, or from outside. */
  isOpen: boolean;
  trying?: OpenTry;
  events: EventDelivery[];
}

export type ResendResult =
  | { outcome: 'resent'; sequences: number[] }
  /** The run has no such event; `known` are those it has. */
  | { outcome: 'unknownEvent'; known: number[] };

/**
 * What became of each event; undefined where the deal's newest run has told its CRM nothing. Needs no worker.
 * @throws WorkflowNotFoundError for an unknown deal.
 */
export async function readDelivery(client: Client, id: string): Promise<DeliveryReport | undefined> {
  const found = await findDelivery(client, id);
  if (found === undefined) return undefined;
  const { description, queue } = found;
  const isOpen = description.status.name === 'RUNNING';
  const trying = isOpen ? await openTryOf(client, found) : undefined;
  return { isOpen, ...(trying && { trying }), events: queue.map(({ delivery }) => delivery) };
}

/**
 * Has events delivered again under the ids they had: one, or without a number all of them. A delivery that has ended is
 * begun anew, and then also sends what it had left. Undefined where there are none.
 * @throws WorkflowNotFoundError for an unknown deal.
 */
export async function resendEvents(client: Client, id: string, sequence?: number): Promise<ResendResult | undefined> {
  const found = await findDelivery(client, id);
  if (found === undefined) return undefined;
  const known = found.queue.map(({ event }) => event.sequence);
  const sequences = sequence === undefined ? known : known.filter((each) => each === sequence);
  if (sequences.length === 0) return { outcome: 'unknownEvent', known };
  if (found.description.status.name === 'RUNNING') {
    try {
      await client.workflow.getHandle(found.description.workflowId).signal(resendSignal, sequences);
      return { outcome: 'resent', sequences };
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error; // it has ended since it was looked at
    }
  }
  return { outcome: 'resent', sequences: await beginAnew(client, found, sequences) };
}

interface FoundDelivery extends RecordedDelivery {
  description: WorkflowExecutionDescription;
}

async function findDelivery(client: Client, id: string): Promise<FoundDelivery | undefined> {
  const { runId } = await readSummary(client, id);
  try {
    const description = await client.workflow.getHandle(deliveryWorkflowIdOf(runId)).describe();
    const history = await client.workflow.getHandle(description.workflowId, description.runId).fetchHistory();
    return { description, ...(await readDeliveryHistory(history, client.options.loadedDataConverter)) };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

async function openTryOf(client: Client, { description, queue }: FoundDelivery): Promise<OpenTry | undefined> {
  const [activity] = description.raw.pendingActivities ?? [];
  const event = firstPending(queue);
  if (!activity || !event) return undefined;
  const cause = await decodeOptionalFailureToOptionalError(client.options.loadedDataConverter, activity.lastFailure);
  const lastFailure = cause && deliveryFailureFrom(cause);
  return {
    sequence: event.sequence,
    attempt: activity.attempt ?? 1,
    ...(lastFailure !== undefined && lastFailure !== 'neverStarted' && { lastFailure }),
  };
}

async function beginAnew(
  client: Client,
  { description, order, queue }: FoundDelivery,
  sequences: readonly number[],
): Promise<number[]> {
  const carriedOver = reopen(queue, sequences);
  const pending = carriedOver.filter(({ delivery }) => delivery.state === 'pending').map(({ event }) => event);
  await client.workflow.start<typeof crmDelivery>('crmDelivery', {
    workflowId: description.workflowId,
    taskQueue: description.taskQueue,
    args: [order, pending[0]!, [...carriedOver]],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'FAIL',
    staticSummary: `Events of deal ${order.onboardingId}, sent again`,
    typedSearchAttributes: description.typedSearchAttributes,
  });
  return pending.map(({ sequence }) => sequence);
}
