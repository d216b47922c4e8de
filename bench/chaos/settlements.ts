/** Reads from Temporal itself how each onboarding stands: the witness that is not asked through any door. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { OnboardingResult, OnboardingStatus } from '../../src/onboarding/view';
import { workflowIdOfDeal } from '../../src/onboarding/ids';
import { type ListedOnboarding, listOnboardings } from '../../src/client/listing';
import { readView } from '../../src/client/view';
import type { agreementOnboarding } from '../../src/workflows';
import type { Deal } from './plan';

/** How an onboarding has come to rest, or that it has not. */
export interface Settlement {
  /** `unknown`: Temporal does not know the deal. */
  readonly status: OnboardingStatus | 'unknown';
  /** Ended, or in front of an operator. */
  readonly settled: boolean;
  readonly createdBy?: OnboardingResult['createdBy'];
  /** Why an operator must help. */
  readonly reason?: string;
}

const POLL_MS = 1_000;
const READ_DEADLINE_MS = 10_000;
const READS_AT_ONCE = 8;

export class Settlements {
  constructor(
    private readonly client: Client,
    private readonly deals: readonly Deal[],
  ) {}

  /** Resolves with true once every deal has come to rest, with false at `deadline` (epoch milliseconds). */
  async untilAllSettled(deadline: number, say: (line: string) => void, stop: AbortSignal): Promise<boolean> {
    for (let last = -1; Date.now() < deadline; await pause(POLL_MS, undefined, { signal: stop })) {
      const listed = await this.#listed().catch(() => undefined); // the server may still be on its way up
      const settled = [...(listed?.values() ?? [])].filter(isSettled).length;
      if (settled > last) say(`${settled} of ${this.deals.length} settled`);
      if (settled === this.deals.length) return true;
      last = Math.max(last, settled);
    }
    return false;
  }

  /** Every deal as it stands now, with what its run itself says of its end. */
  async all(): Promise<Map<string, Settlement>> {
    const listed = await this.#listed();
    const settlements = new Map<string, Settlement>();
    const queue = this.deals.values();
    const readOneByOne = async () => {
      for (const deal of queue) settlements.set(deal.dealId, await this.#settlementOf(deal, listed.get(deal.dealId)));
    };
    await Promise.all(Array.from({ length: READS_AT_ONCE }, readOneByOne));
    return settlements;
  }

  /** One question for all deals: reading hundreds one by one would slow down what is measured. */
  async #listed(): Promise<Map<string, ListedOnboarding>> {
    const { onboardings } = await listOnboardings(this.client, {}, this.deals.length);
    return new Map(onboardings.map((onboarding) => [onboarding.dealId, onboarding]));
  }

  async #settlementOf(deal: Deal, listed: ListedOnboarding | undefined): Promise<Settlement> {
    const { client } = this;
    if (listed === undefined) return { status: 'unknown', settled: false };
    const { status, runId } = listed;
    if (!isSettled(listed) || status === 'cancelled' || status === 'failed') {
      return { status, settled: isSettled(listed) };
    }
    if (status === 'needsAttention') {
      const view = await readView(client, deal.dealId);
      if (view.status !== status) return { status: view.status, settled: view.completedAt !== undefined };
      return { status, settled: true, reason: `${view.attentionReason}, ${view.problem?.type ?? 'no problem named'}` };
    }
    const run = client.workflow.getHandle<typeof agreementOnboarding>(workflowIdOfDeal(deal), runId);
    const { outcome, createdBy } = await client.withDeadline(Date.now() + READ_DEADLINE_MS, () => run.result());
    return { status: outcome, settled: true, ...(createdBy && { createdBy }) };
  }
}

function isSettled({ closedAt, status }: ListedOnboarding): boolean {
  return closedAt !== undefined || status === 'needsAttention';
}
