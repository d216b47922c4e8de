import { isDeepStrictEqual } from 'node:util';
import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow';
import { DEFAULT_EXPIRATION_MINUTES, usesPrimaryContact, type OnboardingRequest } from '../onboarding/request';
import type { agreementOnboarding } from '../workflows';
import { onboardingId, workflowIdOfDeal } from '../onboarding/ids';
import {
  CampaignIdKey,
  CustomerIdKey,
  DealIdKey,
  OnboardingStatusKey,
  ResellerIdKey,
} from '../temporal/search-attributes';

export type StartOutcome =
  | { outcome: 'started'; runId: string }
  /** The deal is known with the same content; members that differ beside it stay as they were first sent. */
  | { outcome: 'known'; ignored: string[] }
  /** The deal is known with other content. */
  | { outcome: 'conflict'; differing: string[] };

/**
 * Starts the onboarding of a deal, once: the same deal with the same content is the onboarding that exists, open or
 * ended, and with other content a conflict. Needs no worker.
 */
export async function startOnboarding(
  client: Client,
  taskQueue: string,
  request: OnboardingRequest,
): Promise<StartOutcome> {
  try {
    const handle = await client.workflow.start<typeof agreementOnboarding>('agreementOnboarding', {
      ...startOptions(taskQueue, request, 1),
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL', // USE_EXISTING would not tell new from old
    });
    return { outcome: 'started', runId: handle.firstExecutionRunId };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return compare(await readRequest(client, workflowIdOfDeal(request)), request);
  }
}

/** What every start of a run gives Temporal: attributes given here are free, an upsert later is an event. */
export function startOptions(taskQueue: string, request: OnboardingRequest, attempt: number) {
  const { dealId, customerId, resellerId, campaignId } = request;
  return {
    taskQueue,
    workflowId: workflowIdOfDeal(request),
    args: [request] as [OnboardingRequest],
    memo: { attempt },
    staticSummary: `Deal ${onboardingId(request)}`,
    typedSearchAttributes: new TypedSearchAttributes([
      { key: OnboardingStatusKey, value: usesPrimaryContact(request) ? 'creatingAgreement' : 'creatingAttestation' },
      { key: DealIdKey, value: dealId },
      { key: CustomerIdKey, value: customerId },
      ...(resellerId === undefined ? [] : [{ key: ResellerIdKey, value: resellerId }]),
      ...(campaignId === undefined ? [] : [{ key: CampaignIdKey, value: campaignId }]),
    ]),
  };
}

/** The argument a run was started with, from the first event of its history: no worker needed. */
export async function readRequest(client: Client, workflowId: string, runId?: string): Promise<OnboardingRequest> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, ...(runId !== undefined && { runId }) },
    maximumPageSize: 1,
  });
  const payloads = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads;
  const [request] = await decodeArrayFromPayloads(client.options.loadedDataConverter, payloads);
  return request as OnboardingRequest;
}

function compare(known: OnboardingRequest, sent: OnboardingRequest): StartOutcome {
  const differing = [
    ...(known.customerId === sent.customerId ? [] : ['customerId']),
    ...differences('attestation', withDefaults(known.attestation), withDefaults(sent.attestation)),
    ...differences('agreement', known.agreement ?? {}, sent.agreement ?? {}),
  ];
  if (differing.length > 0) return { outcome: 'conflict', differing };
  const content = ['dealId', 'resellerId', 'customerId', 'attestation', 'agreement'];
  return { outcome: 'known', ignored: differences('', known, sent).filter((name) => !content.includes(name)) };
}

function withDefaults(attestation: OnboardingRequest['attestation']): object {
  return attestation === undefined ? {} : { expirationInMinutes: DEFAULT_EXPIRATION_MINUTES, ...attestation };
}

/** The names of the members that differ, with the path before them. */
function differences(path: string, known: object, sent: object): string[] {
  const [left, right] = [known, sent] as Record<string, unknown>[];
  return [...new Set([...Object.keys(known), ...Object.keys(sent)])]
    .filter((name) => !isDeepStrictEqual(left![name], right![name]))
    .map((name) => (path === '' ? name : `${path}.${name}`));
}
