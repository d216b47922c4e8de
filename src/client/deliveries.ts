/** The events of a deal's newest run: their delivery state, and sending them again. */
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow';
import {
  type DeliveryFailure,
  type EventDelivery,
  getNextPending,
  setDeliveryState,
} from '../onboarding/event-delivery';
import { toDeliveryWorkflowId } from '../onboarding/ids';
import type { crmDelivery } from '../workflows';
import { deliveryRecordQuery, readDeliveryFailure, resendSignal } from '../workflows/crm-delivery';
import { queryRun, readSummary } from './view';

export class NoWorkerError extends Error {
  override readonly name = 'NoWorkerError';
  constructor(readonly id: string) {
    super(`No worker answered for the events of ${id}.`);
  }
}

export interface DeliveryReport {
  /** False once the delivery has ended: after the last event, after a 410, after a long silence, or manually. */
  isOpen: boolean;
  /** The attempt that is in progress or waiting for its backoff. */
  trying?: { sequence: number; attempt: number; lastFailure?: DeliveryFailure };
  events: EventDelivery[];
}

export type ResendResult =
  | { outcome: 'resent'; sequences: number[] }
  /** The run has no such event; `known` are those it has. */
  | { outcome: 'unknownEvent'; known: number[] };

/**
 * The delivery state of each event; undefined if the newest run has sent no events. Works for open and closed
 * deliveries, but needs a worker. @throws NoWorkerError; WorkflowNotFoundError for an unknown deal
 */
export async function readDelivery(client: Client, id: string): Promise<DeliveryReport | undefined> {
  const found = await findDelivery(client, id);
  if (found === undefined) return undefined;
  const { description, record } = found;
  const isOpen = description.status.name === 'RUNNING';
  const trying = isOpen ? await readOpenAttempt(client, found) : undefined;
  return { isOpen, trying, events: record.events.map(({ delivery }) => delivery) };
}

/**
 * Delivers one event again, or all of them if no number is given, under their original ids. A delivery that has ended
 * is started again and then also sends its pending events. Undefined if the newest run has sent no events.
 * @throws NoWorkerError; WorkflowNotFoundError for an unknown deal
 */
export async function resendEvents(client: Client, id: string, sequence?: number): Promise<ResendResult | undefined> {
  const found = await findDelivery(client, id);
  if (found === undefined) return undefined;
  const known = found.record.events.map(({ event }) => event.sequence);
  const sequences = sequence === undefined ? known : known.filter((each) => each === sequence);
  if (sequences.length === 0) return { outcome: 'unknownEvent', known };
  if (found.description.status.name === 'RUNNING') {
    try {
      await client.workflow.getHandle(found.description.workflowId).signal(resendSignal, sequences);
      return { outcome: 'resent', sequences };
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error; // the delivery has ended meanwhile
    }
  }
  return { outcome: 'resent', sequences: await startAgain(client, found, sequences) };
}

type FoundDelivery = NonNullable<Awaited<ReturnType<typeof findDelivery>>>;

async function findDelivery(client: Client, id: string) {
  const { runId } = await readSummary(client, id);
  const description = await client.workflow
    .getHandle(toDeliveryWorkflowId(runId))
    .describe()
    .catch((error: unknown) => {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    });
  if (description === undefined) return undefined;
  const record = await queryRun(client, description, deliveryRecordQuery);
  if (record === undefined) throw new NoWorkerError(id);
  return { description, record };
}

async function readOpenAttempt(client: Client, { description, record }: FoundDelivery) {
  const [activity] = description.raw.pendingActivities ?? [];
  const event = getNextPending(record.events);
  if (!activity || !event) return undefined;
  const cause = await decodeOptionalFailureToOptionalError(client.options.loadedDataConverter, activity.lastFailure);
  const lastFailure = cause && readDeliveryFailure(cause);
  return {
    sequence: event.sequence,
    attempt: activity.attempt ?? 1,
    lastFailure: lastFailure === 'scheduleToStartTimeout' ? undefined : lastFailure,
  };
}

async function startAgain(
  client: Client,
  { description, record: { order, events } }: FoundDelivery,
  sequences: readonly number[],
): Promise<number[]> {
  const carriedOver = setDeliveryState(events, sequences, { state: 'pending' });
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
