import { BoundedMap } from './bounded-map';

/** How often one link may report a visit or ask for a renewal. The run's history has room for so many, and no person needs more. */
const LIMITS = { visit: 200, renewal: 100 };
const MAX_RUNS = 20_000;

export type Press = keyof typeof LIMITS;

/** Counts presses per run, in this process; the run itself counts again. */
export class PressLimits {
  private readonly counts = new BoundedMap<string, Record<Press, number>>(MAX_RUNS);

  /** Whether this press is still within the limit; counts it. */
  allows(runId: string, press: Press): boolean {
    const counts = this.counts.get(runId) ?? { visit: 0, renewal: 0 };
    this.counts.set(runId, counts);
    if (counts[press] >= LIMITS[press]) return false;
    counts[press] += 1;
    return true;
  }

  /** Whether this process has passed on a visit of that run's page. */
  hasSeenVisit(runId: string): boolean {
    return (this.counts.get(runId)?.visit ?? 0) > 0;
  }
}
