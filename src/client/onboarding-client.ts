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
 * folder, which say what they promise, bound to one Temporal client. An onboarding is named by its external id, `dealId`
 * or `resellerId:dealId`; without a run id a call means the newest run of that deal. Unless their result says so, methods
 * throw `WorkflowNotFoundError` for an unknown deal, and for messages to a run that is closed.
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

  readonly summary = this.bind(readSummary);
  readonly summaryThenView = this.bind(readSummaryThenView);
  readonly view = this.bind(readView);
  readonly request = this.bind(readRequest);

  readonly reportAcceptance = this.bind(reportAcceptance);
  readonly hasUnreadAcceptance = this.bind(hasUnreadAcceptance);
  readonly reportDecline = this.bind(reportDecline);
  readonly renewAttestation = this.bind(requestRenewal);
  readonly reportVisit = this.bind(reportVisit);
  readonly retry = this.bind(requestRetry);
  readonly cancel = this.bind(requestCancellation);

  readonly list = this.bind(listOnboardings);
  readonly listPage = this.bind(listPage);
  readonly listNeedingAttention = this.bind(listNeedingAttention);

  readonly deliveryReport = this.bind(readDelivery);
  readonly resendEvents = this.bind(resendEvents);

  start(request: OnboardingRequest): Promise<StartOutcome> {
    return startOnboarding(this.temporal, this.taskQueue, request);
  }

  restart(id: string, request?: OnboardingRequest): Promise<RestartOutcome> {
    return restartOnboarding(this.temporal, this.taskQueue, id, request);
  }

  get namespace(): string {
    return this.temporal.options.namespace;
  }

  /** Asks Temporal for the namespace and throws the error if the call fails. */
  async checkNamespace(): Promise<void> {
    await this.temporal.workflowService.describeNamespace({ namespace: this.namespace });
  }

  /** Limits every Temporal call that `call` makes to `ms`; calls with a deadline of their own keep it. */
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
