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
import { toDealAttributes } from '../temporal/search-attributes';
import { getOnboardingId, toDeliveryWorkflowId } from '../onboarding/ids';
import type { crmDelivery } from './crm-delivery';
import { deliverSignal } from './delivery-messages';

/**
 * Hands events to the run's delivery, a workflow of its own: a CRM that is down delays its events, never the agreement
 * and never the end of the run. Without a callback URL there is nothing to do.
 */
export class CrmEvents {
  private delivery: ChildWorkflowHandle<typeof crmDelivery> | undefined;
  private handedOver: Promise<void> = Promise.resolve();
  private sequence = 0;
  private isGone = false;

  constructor(
    private readonly request: OnboardingRequest,
    private readonly view: () => OnboardingView,
  ) {}

  /** Takes the view as it is now and hands the event over, after those before it. Never waits, never fails the run. */
  announce(type: EventType): void {
    const { callbackUrl } = this.request;
    if (callbackUrl === undefined) return;
    const timestamp = new Date(Date.now()).toISOString();
    const event: OnboardingEvent = { type, timestamp, sequence: ++this.sequence, view: this.view() };
    this.handedOver = this.handedOver
      .then(() => CancellationScope.nonCancellable(() => this.handOver(callbackUrl, event)))
      .catch((error: unknown) => log.error('An event could not be handed to its delivery', { type, error }));
  }

  /** Until every event is with its delivery: a run that ends earlier takes the rest with it. */
  async allHandedOver(): Promise<void> {
    await CancellationScope.nonCancellable(() => this.handedOver);
  }

  private async handOver(callbackUrl: string, event: OnboardingEvent): Promise<void> {
    if (this.delivery === undefined) return this.startDelivery(callbackUrl, event);
    try {
      // By its id, not as our child: a resend by hand begins another run under the same id.
      await getExternalWorkflowHandle(this.delivery.workflowId).signal(deliverSignal, event);
    } catch {
      // It has ended: at the CRM's own wish, and then there is nothing to tell, or because nothing came for long.
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
    // Listened to and never waited for: a delivery may outlive its run by days.
    this.delivery.result().then(
      ({ ended }) => (this.isGone = ended === 'gone'),
      () => undefined,
    );
  }
}
