import { condition, workflowInfo } from '@temporalio/workflow';
import type { AttentionReason, Problem } from '../onboarding/failures';
import { usesPrimaryContact, type OnboardingRequest } from '../onboarding/request';
import type { OnboardingStatus, OnboardingView } from '../onboarding/view';
import { CrmEvents } from './crm-events';
import { Publication } from './publication';
import { begin, enter, hasAnswer, type OnboardingState, park } from './state';
import { viewOf } from './view';

/** What ends a wait or a call that has become pointless, for example the renewal of an attestation. */
export interface Interruption {
  when: () => boolean;
  /** Epoch milliseconds. */
  at: number;
}

/** The state of one run, and everyone who must hear of its changes: the Temporal UI, the query and the CRM. */
export class OnboardingRecord {
  state: OnboardingState;
  /** Set by the signal `retry` while the run is parked. */
  retryRequested = false;
  /** Set by the update `renewAttestation` while the run waits for the customer. */
  renewalRequested = false;
  readonly attempt: number;
  readonly events: CrmEvents;
  private readonly publication: Publication;

  constructor(readonly request: OnboardingRequest) {
    const { memo, startTime } = workflowInfo();
    this.attempt = typeof memo?.['attempt'] === 'number' ? memo['attempt'] : 1;
    this.state = begin(
      usesPrimaryContact(request) ? 'creatingAgreement' : 'creatingAttestation',
      startTime.toISOString(),
    );
    this.publication = new Publication(request);
    this.events = new CrmEvents(request, () => this.view());
    this.publish();
  }

  view(): OnboardingView {
    return viewOf(this.state, this.request, this.attempt, Date.now());
  }

  enter(status: OnboardingStatus): void {
    this.retryRequested = false;
    this.state = enter(this.state, status, new Date(Date.now()).toISOString());
    this.publish();
  }

  publish(): void {
    this.publication.update(this.state);
  }

  /**
   * Parks the run until a human says `retry`, the customer declines, `delayMs` have passed, or the interruption comes.
   * @returns whether it was `retry`.
   */
  async waitForOperator(
    reason: AttentionReason,
    problem: Problem | undefined,
    { delayMs, interruption }: { delayMs?: number | undefined; interruption?: Interruption | undefined } = {},
  ): Promise<boolean> {
    const now = Date.now();
    const nextRetryAt = delayMs === undefined ? undefined : new Date(now + delayMs).toISOString();
    const isNews = this.state.attentionReason !== reason;
    this.state = park(this.state, reason, problem, nextRetryAt, new Date(now).toISOString());
    this.publish();
    // Lost access is the partner's own affair, and the run comes back by itself.
    if (isNews && reason !== 'access') this.events.announce('onboarding.needsAttention');

    const mayGoOn = () => this.retryRequested || this.state.decline !== undefined || (interruption?.when() ?? false);
    const waitMs = Math.min(delayMs ?? Infinity, interruption === undefined ? Infinity : interruption.at - now);
    if (waitMs === Infinity) await condition(mayGoOn);
    else await condition(mayGoOn, Math.max(waitMs, 1), { summary: 'Until it is tried again' });
    const retriedByHand = this.retryRequested;
    this.retryRequested = false;
    return retriedByHand;
  }

  isAnswered(): boolean {
    return hasAnswer(this.state);
  }
}
