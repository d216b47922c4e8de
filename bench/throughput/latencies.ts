import { createHistogram } from 'node:perf_hooks';

/** Durations of one kind of step, in milliseconds, to the microsecond. */
export class Latencies {
  readonly #microseconds = createHistogram();

  /** Measures what `step` takes; one that fails is not counted. */
  async of<T>(step: () => Promise<T>): Promise<T> {
    const beganAt = process.hrtime.bigint();
    const result = await step();
    this.#microseconds.record((process.hrtime.bigint() - beganAt) / 1_000n + 1n); // it takes no zeros
    return result;
  }

  get count(): number {
    return this.#microseconds.count;
  }

  percentile(percentage: number): number {
    return this.#microseconds.percentile(percentage) / 1_000;
  }
}
