/** Reads from Temporal itself how each onboarding stands: the witness that is not asked through any door. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { OnboardingResult, OnboardingStatus } from '../../src/onboarding/view';
import { workflowIdOf } from '../../src/temporal/ids';
import { readStanding, readView } from '../../src/temporal/overview';
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
const READ_DEADLINE_MS = 5_000;
const READS_AT_ONCE = 8; // they run beside the product on the same cores

export class Settlements {
  readonly #settled = new Map<string, Settlement>();

  constructor(
    private readonly client: Client,
    private readonly deals: readonly Deal[],
  ) {}

  /** Resolves with true once every deal has come to rest, with false at `deadline` (epoch milliseconds). */
  async untilAllSettled(deadline: number, say: (line: string) => void, stop: AbortSignal): Promise<boolean> {
    while (Date.now() < deadline) {
      await this.#readOpen(deadline, stop);
      say(`${this.#settled.size} of ${this.deals.length} settled`);
      if (this.#settled.size === this.deals.length) return true;
      await pause(POLL_MS, undefined, { signal: stop });
    }
    return false;
  }

  /** Every deal as it stands now. */
  async all(): Promise<Map<string, Settlement>> {
    const open = this.deals.filter(({ dealId }) => !this.#settled.has(dealId));
    const read = await inTurns(open, READS_AT_ONCE, async (deal) => [deal.dealId, await this.#read(deal)] as const);
    return new Map([...this.#settled, ...read]);
  }

  async #readOpen(deadline: number, stop: AbortSignal): Promise<void> {
    const open = this.deals.filter(({ dealId }) => !this.#settled.has(dealId));
    await inTurns(open, READS_AT_ONCE, async (deal) => {
      stop.throwIfAborted();
      if (Date.now() > deadline) return;
      const settlement = await this.#read(deal).catch(() => undefined); // the server may still be on its way up
      if (settlement?.settled) this.#settled.set(deal.dealId, settlement);
    });
  }

  async #read(deal: Deal): Promise<Settlement> {
    const { client } = this;
    try {
      const { status, isOpen, runId } = await readStanding(client, deal.dealId);
      if (isOpen && status !== 'needsAttention') return { status, settled: false };
      if (isOpen) {
        const { attentionReason, problem } = await readView(client, deal.dealId);
        return { status, settled: true, reason: [attentionReason, problem?.type].filter(Boolean).join(': ') };
      }
      if (status === 'cancelled' || status === 'failed') return { status, settled: true };
      const run = client.workflow.getHandle<typeof agreementOnboarding>(workflowIdOf(deal), runId);
      const { outcome, createdBy } = await client.withDeadline(Date.now() + READ_DEADLINE_MS, () => run.result());
      return { status: outcome, settled: true, ...(createdBy && { createdBy }) };
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return { status: 'unknown', settled: false };
      throw error;
    }
  }
}

async function inTurns<T, R>(items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const item of queue) results.push(await work(item));
    }),
  );
  return results;
}
