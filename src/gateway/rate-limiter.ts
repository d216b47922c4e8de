import type { RateLimits } from './dependencies';
import { ProblemError } from './problem';

const WINDOW_MS = 60_000;
const MAX_COUNTED = 10_000; // addresses and keys; beyond, all counts begin anew

/** Counts calls per key and per address in windows of a minute, in this process. */
export class RateLimiter {
  private windowEndsAt = 0;
  private readonly counts = new Map<string, number>();

  constructor(private readonly limits: RateLimits) {}

  /** @throws ProblemError */
  countKey(name: string): void {
    this.count(`key ${name}`, this.limits.perKey, 'this API key');
  }

  /** @throws ProblemError */
  countAddress(address: string): void {
    this.count(`address ${networkOf(address)}`, this.limits.perAddress, 'calls without a valid API key');
  }

  private count(who: string, limit: number, whose: string): void {
    const now = Date.now();
    if (now >= this.windowEndsAt || this.counts.size > MAX_COUNTED) {
      this.counts.clear();
      this.windowEndsAt = now + WINDOW_MS;
    }
    const count = (this.counts.get(who) ?? 0) + 1;
    this.counts.set(who, count);
    if (count <= limit) return;
    const retryAfter = Math.ceil((this.windowEndsAt - now) / 1000);
    const detail = `One minute may bring ${limit} of ${whose}. Try again in ${retryAfter} s.`;
    throw new ProblemError('too-many-requests', detail, {}, { 'retry-after': String(retryAfter) });
  }
}

/** A host has a whole /64 of IPv6 to itself, so all of it counts as one. */
function networkOf(address: string): string {
  return address.includes(':') && !address.includes('.') ? address.split(':').slice(0, 4).join(':') : address;
}
