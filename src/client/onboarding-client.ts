import type { Client } from '@temporalio/client';
import type { Acceptance, DeclineCode, PageVisit, Receipt } from '../onboarding/acceptance';
import type { OnboardingRequest } from '../onboarding/request';
import { type DeliveryReport, readDelivery, type ResendResult, resendEvents } from './deliveries';
import {
  type ListedOnboarding,
  listNeedingAttention,
  listOnboardings,
  listPage,
  type NeedsAttentionFilter,
  type OnboardingFilter,
  type RunNeedingAttention,
} from './listing';
import {
  hasUnreadAcceptance,
  type MessageResult,
  reportAcceptance,
  reportDecline,
  reportVisit,
  requestCancellation,
  requestRenewal,
  requestRetry,
} from './messages';
import { RunHealth } from './run-health';
import { restartOnboarding, type RestartOutcome, startOnboarding, type StartOutcome } from './start';
import { type ReadView, readRequest, readSummary, readSummaryThenView, readView, type RunSummary } from './view';

/**
 * Everything that the gateway, the signatory's page and the command line do with onboardings. An onboarding is named by
 * its outside id, `dealId` or `resellerId:dealId`; without a run id a call means the newest run of that deal.
 * Methods throw `WorkflowNotFoundError` for a deal that is unknown, and for messages to a run that is closed, unless
 * their result says so.
 */
export class OnboardingClient {
  /** The open runs that need somebody, for metrics and the doctor. */
  readonly health: RunHealth;

  constructor(
    readonly temporal: Client,
    readonly taskQueue: string,
  ) {
    this.health = new RunHealth(temporal, taskQueue);
  }

  get namespace(): string {
    return this.temporal.options.namespace;
  }

  /** Asks Temporal for the namespace and throws what it says instead of an answer. */
  async checkNamespace(): Promise<void> {
    await this.temporal.workflowService.describeNamespace({ namespace: this.namespace });
  }

  /** Makes every call of `call` to Temporal end after `ms`; calls with a deadline of their own keep it. */
  withDeadline<T>(ms: number, call: () => Promise<T>): Promise<T> {
    return this.temporal.withDeadline(Date.now() + ms, call);
  }

  /** Starts the onboarding of a deal, once; needs no worker. */
  start(request: OnboardingRequest): Promise<StartOutcome> {
    return startOnboarding(this.temporal, this.taskQueue, request);
  }

  /** Starts the next attempt at a deal that ended without an agreement, with `request` or as it was asked for before. */
  restart(id: string, request?: OnboardingRequest): Promise<RestartOutcome> {
    return restartOnboarding(this.temporal, this.taskQueue, id, request);
  }

  /** The status of the newest run; needs no worker. */
  summary(id: string): Promise<RunSummary> {
    return readSummary(this.temporal, id);
  }

  /** The same, and with it the way to the view of that run. */
  summaryThenView(id: string): Promise<{ summary: RunSummary; view: () => Promise<ReadView> }> {
    return readSummaryThenView(this.temporal, id);
  }

  /** The run's own view, or what Temporal has stored where no worker answers in time (`partial`). */
  view(id: string, runId?: string): Promise<ReadView> {
    return readView(this.temporal, id, runId);
  }

  /** What a run was started with; needs no worker. */
  request(id: string, runId?: string): Promise<OnboardingRequest> {
    return readRequest(this.temporal, id, runId);
  }

  /** Reports the customer's acceptance and never loses it. */
  reportAcceptance(id: string, acceptance: Acceptance, runId?: string): Promise<MessageResult<Receipt>> {
    return reportAcceptance(this.temporal, id, acceptance, runId);
  }

  /** Whether an acceptance of this run is stored that no worker has read yet. */
  hasUnreadAcceptance(id: string, runId: string): Promise<boolean> {
    return hasUnreadAcceptance(this.temporal, id, runId);
  }

  /** Ends the run as declined; undefined when no worker answered within `deadlineMs`. */
  decline(
    id: string,
    decline: { code: DeclineCode; comment?: string },
    { runId, deadlineMs }: { runId?: string; deadlineMs?: number } = {},
  ): Promise<MessageResult<{ declinedAt: string }> | undefined> {
    return reportDecline(this.temporal, id, decline, runId, deadlineMs);
  }

  /** Asks for an attestation that is valid: the present one, or a new one; undefined when no worker answered. */
  renewAttestation(
    id: string,
    runId: string,
  ): Promise<MessageResult<{ round: number; expiresAt: string }> | undefined> {
    return requestRenewal(this.temporal, id, runId);
  }

  /** Records a visit of the signatory's page. */
  reportVisit(id: string, runId: string, visit: PageVisit): Promise<void> {
    return reportVisit(this.temporal, id, runId, visit);
  }

  /** Resumes a run that needs attention. */
  retry(id: string, runId?: string): Promise<void> {
    return requestRetry(this.temporal, id, runId);
  }

  /** Asks the run to end; an answer of Partner Center that is on its way is still waited for. */
  cancel(id: string): Promise<void> {
    return requestCancellation(this.temporal, id);
  }

  /** The newest onboardings that fit, at most `limit`; from visibility, so a moment behind. */
  list(filter: OnboardingFilter, limit: number): Promise<{ onboardings: ListedOnboarding[]; more: boolean }> {
    return listOnboardings(this.temporal, filter, limit);
  }

  /** One page of the onboardings that fit, with the cursor of the next page. */
  listPage(
    filter: OnboardingFilter,
    page: { pageSize: number; cursor?: Uint8Array },
  ): Promise<{ onboardings: ListedOnboarding[]; next?: Uint8Array }> {
    return listPage(this.temporal, filter, page);
  }

  /** Every open run that waits for an operator and fits. */
  listNeedingAttention(filter: NeedsAttentionFilter): Promise<RunNeedingAttention[]> {
    return listNeedingAttention(this.temporal, filter);
  }

  /** What became of each event at the CRM; undefined where the newest run has sent none. @throws NoWorkerError */
  deliveries(id: string): Promise<DeliveryReport | undefined> {
    return readDelivery(this.temporal, id);
  }

  /** Has one event, or all of them, delivered again under the ids they had. @throws NoWorkerError */
  resendEvents(id: string, sequence?: number): Promise<ResendResult | undefined> {
    return resendEvents(this.temporal, id, sequence);
  }

  close(): Promise<void> {
    return this.temporal.connection.close();
  }
}
