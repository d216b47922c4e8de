import {
  CancellationScope,
  type ChildWorkflowHandle,
  getExternalWorkflowHandle,
  log,
  ParentClosePolicy,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { EventType, OnboardingEvent } from '../onboarding/events';
import type { OnboardingRequest } from '../onboarding/request';
import type { OnboardingView } from '../onboarding/view';
import { getOnboardingId, toDeliveryWorkflowId } from '../onboarding/ids';
import { toDealAttributes } from '../temporal/search-attributes';
import { type crmDelivery, deliverSignal } from './crm-delivery';
import { now } from './time';

/**
 * Sends events to the run's delivery, a child workflow: a CRM that is down delays its events, but neither the agreement
 * nor the end of the run. Without a callback URL it does nothing.
 */
export class CrmEvents {
  private delivery: ChildWorkflowHandle<typeof crmDelivery> | undefined;
  private sent: Promise<void> = Promise.resolve();
  private sequence = 0;
  private isGone = false;

  constructor(
    private readonly request: OnboardingRequest,
    private readonly getView: () => OnboardingView,
  ) {}

  /** Sends an event with the view as it is now, after the events before it. Never waits and never fails the run. */
  announce(type: EventType): void {
    const { callbackUrl } = this.request;
    if (callbackUrl === undefined) return;
    const event: OnboardingEvent = { type, timestamp: now(), sequence: ++this.sequence, view: this.getView() };
    this.sent = this.sent
      .then(() => CancellationScope.nonCancellable(() => this.send(callbackUrl, event)))
      .catch((error: unknown) => log.error('An event could not be sent to its delivery', { type, error }));
  }

  /** Waits until the delivery has every event: what is not sent when the run ends is lost. */
  async waitUntilSent(): Promise<void> {
    await CancellationScope.nonCancellable(() => this.sent);
  }

  private async send(callbackUrl: string, event: OnboardingEvent): Promise<void> {
    if (this.delivery === undefined) return this.startDelivery(callbackUrl, event);
    try {
      // By its id and not as our child: a resend starts another run with the same id.
      await getExternalWorkflowHandle(this.delivery.workflowId).signal(deliverSignal, event);
    } catch {
      // It has ended: because the CRM wants no more events, or because no event came for 45 days.
      if (!this.isGone) await this.startDelivery(callbackUrl, event);
    }
  }

  private async startDelivery(callbackUrl: string, event: OnboardingEvent): Promise<void> {
    const { runId } = workflowInfo();
    const id = getOnboardingId(this.request);
    this.delivery = await startChild<typeof crmDelivery>('crmDelivery', {
      workflowId: toDeliveryWorkflowId(runId),
      args: [{ onboardingId: id, runId, callbackUrl }, event],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `Events of deal ${id}`,
      typedSearchAttributes: toDealAttributes(this.request),
    });
    // Not awaited: a delivery may end days after its run.
    this.delivery.result().then(
      ({ ended }) => (this.isGone = ended === 'gone'),
      () => undefined,
    );
  }
}
