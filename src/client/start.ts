/** Starting the onboarding of a deal, and starting it again after it ended without an agreement. */
import { isDeepStrictEqual } from 'node:util';
import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { getOnboardingId, getWorkflowId } from '../onboarding/ids';
import { getFirstStatus, type OnboardingRequest, usesPrimaryContact } from '../onboarding/request';
import { DEFAULT_EXPIRATION_MINUTES } from '../onboarding/request-limits';
import type { OnboardingOutcome, OnboardingStatus } from '../onboarding/view';
import { OnboardingStatusKey, toDealAttributes } from '../temporal/search-attributes';
import type { agreementOnboarding } from '../workflows';
import { readRequest, readSummary } from './view';

export type StartOutcome =
  | { outcome: 'started'; runId: string; attempt: 1; status: OnboardingStatus }
  /** The deal is known with the same content; other members that differ keep the value that was sent first. */
  | { outcome: 'known'; ignored: string[] }
  | { outcome: 'conflict'; differing: string[] };

export type RestartOutcome =
  | { outcome: 'restarted'; runId: string; attempt: number; status: OnboardingStatus; request: OnboardingRequest }
  | { outcome: 'open'; status: OnboardingStatus }
  | { outcome: 'agreementExists'; status: OnboardingStatus };

/**
 * After which ends a deal may be started again: all but those with an agreement. If the agreement of a run that failed or was terminated exists after
 * all, Partner Center says so and the new attempt ends with that outcome.
 */
const isRestartable: Record<OnboardingOutcome | 'cancelled' | 'failed', boolean> = {
  agreementCreated: false,
  agreementAlreadyExists: false,
  expired: true,
  declined: true,
  attestationRejected: true,
  cancelled: true,
  failed: true,
};

/**
 * Starts the onboarding of a deal at most once. A deal that exists, open or ended, is `known` if the content is the
 * same and a `conflict` if it differs. Needs no worker.
 */
export async function startOnboarding(
  client: Client,
  taskQueue: string,
  request: OnboardingRequest,
): Promise<StartOutcome> {
  const runId = await startRun(client, buildStartOptions(taskQueue, request, 1), 'REJECT_DUPLICATE');
  if (runId === undefined) return compareRequests(await readRequest(client, getOnboardingId(request)), request);
  return { outcome: 'started', runId, attempt: 1, status: getFirstStatus(request) };
}

/**
 * Starts the next attempt at a deal, with `request` or, without one, with the last request; needs no worker.
 * @throws WorkflowNotFoundError for a deal that was never started.
 */
export async function restartOnboarding(
  client: Client,
  taskQueue: string,
  id: string,
  request?: OnboardingRequest,
): Promise<RestartOutcome> {
  const last = await readSummary(client, id);
  if (last.isOpen) return { outcome: 'open', status: last.status };
  if (!isRestartable[last.status as keyof typeof isRestartable])
    return { outcome: 'agreementExists', status: last.status };

  const next = request ?? (await readRequest(client, id, last.runId));
  const attempt = last.attempt + 1;
  const runId = await startRun(client, buildStartOptions(taskQueue, next, attempt), 'ALLOW_DUPLICATE');
  // Of two concurrent restarts, one starts and the other finds the run open.
  if (runId === undefined) return { outcome: 'open', status: (await readSummary(client, id)).status };
  return { outcome: 'restarted', runId, attempt, status: getFirstStatus(next), request: next };
}

/** The id of the new run; undefined if there is a run that forbids another one. */
async function startRun(
  client: Client,
  options: ReturnType<typeof buildStartOptions>,
  workflowIdReusePolicy: 'REJECT_DUPLICATE' | 'ALLOW_DUPLICATE',
): Promise<string | undefined> {
  try {
    const handle = await client.workflow.start<typeof agreementOnboarding>('agreementOnboarding', {
      ...options,
      workflowIdReusePolicy,
      workflowIdConflictPolicy: 'FAIL', // USE_EXISTING would hide whether the run is new
    });
    return handle.firstExecutionRunId;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return undefined;
    throw error;
  }
}

/** What every start of a run gives Temporal: attributes given here are free, an upsert later costs an event. */
export function buildStartOptions(taskQueue: string, request: OnboardingRequest, attempt: number) {
  return {
    taskQueue,
    workflowId: getWorkflowId(request),
    args: [request] as [OnboardingRequest],
    memo: { attempt },
    staticSummary: `Deal ${getOnboardingId(request)}`,
    typedSearchAttributes: new TypedSearchAttributes([
      { key: OnboardingStatusKey, value: getFirstStatus(request) },
      ...toDealAttributes(request),
    ]),
  };
}

/** Compares what is known of a deal with what was sent; a member that is undefined counts as missing, at any depth. */
export function compareRequests(known: OnboardingRequest, sent: OnboardingRequest): StartOutcome {
  const [before, after] = [normalize(known), normalize(sent)];
  const differing = [
    ...(before.customerId === after.customerId ? [] : ['customerId']),
    ...findDifferences(before.attestation, after.attestation, 'attestation.'),
    ...findDifferences(before.agreement, after.agreement, 'agreement.'),
  ];
  if (differing.length > 0) return { outcome: 'conflict', differing };
  const compared = ['dealId', 'resellerId', 'customerId', 'attestation', 'agreement'];
  return { outcome: 'known', ignored: findDifferences(before, after).filter((name) => !compared.includes(name)) };
}

/** A copy without undefined members, and with the default of the attestation's lifetime filled in. */
function normalize(request: OnboardingRequest): OnboardingRequest {
  const copy = JSON.parse(JSON.stringify(request)) as OnboardingRequest;
  if (usesPrimaryContact(copy)) return copy;
  return { ...copy, attestation: { expirationInMinutes: DEFAULT_EXPIRATION_MINUTES, ...copy.attestation } };
}

/** The names of the members that differ, each after `prefix`. */
function findDifferences(before: object = {}, after: object = {}, prefix = ''): string[] {
  const [left, right] = [before, after] as Record<string, unknown>[];
  return Object.keys({ ...before, ...after })
    .filter((name) => !isDeepStrictEqual(left![name], right![name]))
    .map((name) => prefix + name);
}
