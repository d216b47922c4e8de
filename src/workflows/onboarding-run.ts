import { condition, workflowInfo } from '@temporalio/workflow';
import type { AttentionReason } from '../onboarding/failures';
import { getAttempt } from '../onboarding/ids';
import { getFirstStatus, type OnboardingRequest } from '../onboarding/request';
import type { OnboardingStatus, OnboardingView, Problem } from '../onboarding/view';
import { CrmEvents } from './crm-events';
import { createState, type OnboardingState, requireAttention, setStatus } from './state';
import { buildView, StatusDisplay } from './status-display';
import { now } from './time';

/** What ends a wait or a call that is no longer needed, for example the renewal of an attestation. */
export interface Interruption {
  when: () => boolean;
  /** Epoch milliseconds. */
  at: number;
}

/** The state of one run, with everything that follows its changes: the query, the Temporal UI and the CRM's events. */
export class OnboardingRun {
  state: OnboardingState;
  /** Set by the signal `retry` while the run waits for an operator. */
  retryRequested = false;
  /** Set by the update `renewAttestation` while the run waits for the customer. */
  renewalRequested = false;
  readonly attempt: number;
  readonly events: CrmEvents;
  private readonly display: StatusDisplay;

  constructor(readonly request: OnboardingRequest) {
    const { memo, startTime } = workflowInfo();
    this.attempt = getAttempt(memo);
    this.state = createState(getFirstStatus(request), startTime.toISOString());
    this.display = new StatusDisplay(request);
    this.events = new CrmEvents(request, () => this.getView());
    this.updateDisplay();
  }

  getView(): OnboardingView {
    return buildView(this.state, this.request, this.attempt, Date.now());
  }

  setStatus(status: OnboardingStatus): void {
    this.retryRequested = false;
    this.state = setStatus(this.state, status, now());
    this.updateDisplay();
  }

  updateDisplay(): void {
    this.display.update(this.state);
  }

  /**
   * Waits in `needsAttention` until an operator sends `retry`, the customer declines, `delayMs` have passed, or the
   * interruption comes.
   * @returns whether it was `retry`.
   */
  async waitForOperator(
    reason: AttentionReason,
    problem: Problem | undefined,
    { delayMs, interruption }: { delayMs?: number; interruption?: Interruption } = {},
  ): Promise<boolean> {
    const startMs = Date.now();
    const nextRetryAt = delayMs === undefined ? undefined : new Date(startMs + delayMs).toISOString();
    const isNewReason = this.state.attentionReason !== reason;
    this.state = requireAttention(this.state, { reason, problem, nextRetryAt }, now());
    this.updateDisplay();
    // The CRM can do nothing about lost access, and the run tries again by itself.
    if (isNewReason && reason !== 'access') this.events.announce('onboarding.needsAttention');

    const mayContinue = () =>
      this.retryRequested || this.state.decline !== undefined || (interruption?.when() ?? false);
    const waitMs = Math.min(delayMs ?? Infinity, interruption === undefined ? Infinity : interruption.at - startMs);
    if (waitMs === Infinity) await condition(mayContinue);
    else await condition(mayContinue, Math.max(waitMs, 1), { summary: 'Until the next attempt' });
    const retriedByHand = this.retryRequested;
    this.retryRequested = false;
    return retriedByHand;
  }
}
