/** Reads the outcome of each onboarding from Temporal itself, independent of the API under test. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ListedOnboarding } from '../../src/client/listing';
import type { OnboardingClient } from '../../src/client/onboarding-client';
import { getWorkflowId } from '../../src/onboarding/ids';
import type { OnboardingResult, OnboardingStatus } from '../../src/onboarding/view';
import type { agreementOnboarding } from '../../src/workflows';
import type { Deal } from './deals';

export interface DealOutcome {
  /** `unknown`: Temporal does not know the deal. */
  readonly status: OnboardingStatus | 'unknown';
  /** The run has ended or needs attention. */
  readonly settled: boolean;
  readonly createdBy?: OnboardingResult['createdBy'];
  /** Why the run needs attention. */
  readonly reason?: string;
}

const POLL_MS = 1_000;
const RESULT_DEADLINE_MS = 10_000;
const CONCURRENT_READS = 8;

export class OutcomeReader {
  constructor(
    private readonly onboardings: OnboardingClient,
    private readonly deals: readonly Deal[],
  ) {}

  /** Resolves with true once every deal is settled, with false at `deadline` (epoch milliseconds). */
  async waitUntilSettled(deadline: number, log: (line: string) => void, stop: AbortSignal): Promise<boolean> {
    for (let last = -1; Date.now() < deadline; await pause(POLL_MS, undefined, { signal: stop })) {
      const listed = await this.#list().catch(() => undefined); // the server may still be starting
      const settled = [...(listed?.values() ?? [])].filter(isSettled).length;
      if (settled > last) log(`${settled} of ${this.deals.length} settled`);
      if (settled === this.deals.length) return true;
      last = Math.max(last, settled);
    }
    return false;
  }

  /** The current outcome of every deal, by deal id. */
  async readAll(): Promise<Map<string, DealOutcome>> {
    const listed = await this.#list();
    const outcomes = new Map<string, DealOutcome>();
    const queue = this.deals.values();
    const readNext = async () => {
      for (const deal of queue) outcomes.set(deal.dealId, await this.#read(deal, listed.get(deal.dealId)));
    };
    await Promise.all(Array.from({ length: CONCURRENT_READS }, readNext));
    return outcomes;
  }

  /** One query for all deals: reading hundreds one by one would distort the measurement. */
  async #list(): Promise<Map<string, ListedOnboarding>> {
    const { onboardings } = await this.onboardings.list({}, this.deals.length);
    return new Map(onboardings.map((onboarding) => [onboarding.dealId, onboarding]));
  }

  async #read(deal: Deal, listed: ListedOnboarding | undefined): Promise<DealOutcome> {
    if (listed === undefined) return { status: 'unknown', settled: false };
    const { status, runId } = listed;
    if (!isSettled(listed) || status === 'cancelled' || status === 'failed') {
      return { status, settled: isSettled(listed) };
    }
    if (status === 'needsAttention') {
      const view = await this.onboardings.view(deal.dealId);
      if (view.status !== status) return { status: view.status, settled: view.completedAt !== undefined };
      return { status, settled: true, reason: `${view.attentionReason}, ${view.problem?.type ?? 'no problem named'}` };
    }
    const { temporal } = this.onboardings;
    const run = temporal.workflow.getHandle<typeof agreementOnboarding>(getWorkflowId(deal), runId);
    const { outcome, createdBy } = await temporal.withDeadline(Date.now() + RESULT_DEADLINE_MS, () => run.result());
    return { status: outcome, settled: true, createdBy };
  }
}

function isSettled({ closedAt, status }: ListedOnboarding): boolean {
  return closedAt !== undefined || status === 'needsAttention';
}
