import { LRUCache } from 'lru-cache';

/** Per run; no person needs more, and the run's history has room for as many. */
const LIMITS = { visit: 200, renewal: 100 };
const MAX_RUNS = 20_000;

/** Limits how often one link can report a visit or ask for a renewal. Counts in this process; the run has its own limits. */
export class PressLimits {
  private readonly counts = new LRUCache<string, Record<keyof typeof LIMITS, number>>({ max: MAX_RUNS });

  /** Counts the press and returns whether it is within the limit. */
  allows(runId: string, press: keyof typeof LIMITS): boolean {
    const counts = this.counts.get(runId) ?? { visit: 0, renewal: 0 };
    this.counts.set(runId, counts);
    if (counts[press] >= LIMITS[press]) return false;
    counts[press] += 1;
    return true;
  }

  /** Whether this process has reported a visit to that run. */
  hasSeenVisit(runId: string): boolean {
    return (this.counts.get(runId)?.visit ?? 0) > 0;
  }
}
