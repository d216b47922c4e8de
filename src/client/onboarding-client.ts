import type { Client } from '@temporalio/client';
import type { OnboardingRequest } from '../onboarding/request';
import { readDelivery, resendEvents } from './deliveries';
import { listNeedingAttention, listOnboardings, listPage } from './listing';
import {
  hasUnreadAcceptance,
  reportAcceptance,
  reportDecline,
  reportVisit,
  requestCancellation,
  requestRenewal,
  requestRetry,
} from './messages';
import { RunHealth } from './run-health';
import { restartOnboarding, type RestartOutcome, startOnboarding, type StartOutcome } from './start';
import { readRequest, readSummary, readSummaryThenView, readView } from './view';

/**
 * Everything that the gateway, the signatory's page and the command line do with onboardings: the functions of this
 * folder, bound to one Temporal client. An onboarding is named by its outside id, `dealId` or `resellerId:dealId`;
 * without a run id a call means the newest run of that deal. Methods throw `WorkflowNotFoundError` for a deal that is
 * unknown, and for messages to a run that is closed, unless their result says so.
 */
export class OnboardingClient {
  /** Counts of open runs that are stuck, overdue or need attention, for metrics and the doctor. */
  readonly health: RunHealth;

  constructor(
    readonly temporal: Client,
    readonly taskQueue: string,
  ) {
    this.health = new RunHealth(temporal, taskQueue);
  }

  /** The status of the newest run; needs no worker. */
  readonly summary = this.bind(readSummary);
  /** The same, and with it the way to the view of that run. */
  readonly summaryThenView = this.bind(readSummaryThenView);
  /** The run's own view, or what Temporal has stored if no worker answers in time (`partial`). */
  readonly view = this.bind(readView);
  /** What a run was started with; needs no worker. */
  readonly request = this.bind(readRequest);

  /** Reports the customer's acceptance and never loses it. */
  readonly reportAcceptance = this.bind(reportAcceptance);
  /** Whether an acceptance of this run is stored that no worker has read yet. */
  readonly hasUnreadAcceptance = this.bind(hasUnreadAcceptance);
  /** Ends the run as declined; undefined when no worker answered in time. */
  readonly decline = this.bind(reportDecline);
  /** Asks for an attestation that is valid: the present one, or a new one; undefined when no worker answered. */
  readonly renewAttestation = this.bind(requestRenewal);
  /** Records a visit of the signatory's page. */
  readonly reportVisit = this.bind(reportVisit);
  /** Resumes a run that needs attention. */
  readonly retry = this.bind(requestRetry);
  /** Asks the run to end; a call to Partner Center in progress is completed first. */
  readonly cancel = this.bind(requestCancellation);

  /** The newest onboardings that fit, at most `limit`; from visibility, so a moment behind. */
  readonly list = this.bind(listOnboardings);
  /** One page of the onboardings that fit, with the cursor of the next page. */
  readonly listPage = this.bind(listPage);
  /** Every open run that waits for an operator and fits. */
  readonly listNeedingAttention = this.bind(listNeedingAttention);

  /** The delivery state of each event; undefined if the newest run has sent none. @throws NoWorkerError */
  readonly deliveries = this.bind(readDelivery);
  /** Has one event, or all of them, delivered again under the ids they had. @throws NoWorkerError */
  readonly resendEvents = this.bind(resendEvents);

  /** Starts the onboarding of a deal, once; needs no worker. */
  start(request: OnboardingRequest): Promise<StartOutcome> {
    return startOnboarding(this.temporal, this.taskQueue, request);
  }

  /** Starts the next attempt at a deal that ended without an agreement, with `request` or as it was asked for before. */
  restart(id: string, request?: OnboardingRequest): Promise<RestartOutcome> {
    return restartOnboarding(this.temporal, this.taskQueue, id, request);
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

  close(): Promise<void> {
    return this.temporal.connection.close();
  }

  private bind<Arguments extends unknown[], Result>(action: (client: Client, ...parameters: Arguments) => Result) {
    return (...parameters: Arguments): Result => action(this.temporal, ...parameters);
  }
}
