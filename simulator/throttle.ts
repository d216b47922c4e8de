/** Partner Center's two throttling partitions: the partner, and the partner with one customer. */
import type { Switches } from './switches';

export class Throttle {
  #second = 0;
  #counts = new Map<string, number>();

  /** Counts the call; true when it is one too many in this second of the machine's time. */
  exceeds(limits: Switches['throttle'], customerId: string): boolean {
    const second = Math.floor(Date.now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#counts.clear();
    }
    const partnerExceeds = this.#count('partner', limits.perPartnerPerSecond);
    const customerExceeds = customerId !== '' && this.#count(customerId, limits.perCustomerPerSecond);
    return partnerExceeds || customerExceeds;
  }

  #count(partition: string, limit: number | null): boolean {
    if (limit === null) return false;
    const count = (this.#counts.get(partition) ?? 0) + 1;
    this.#counts.set(partition, count);
    return count > limit;
  }
}
