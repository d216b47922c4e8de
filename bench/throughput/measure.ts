/** Runs flows of one subject and records how long their steps take. */
import { createHistogram } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { ConnectionPool } from '../../tools/test-bed/deals';
import type { SimulatorClient } from '../../tools/test-bed/simulator-client';
import type { Flow, Subject } from './subjects';

/** Durations of one kind of step, in milliseconds, with a resolution of one microsecond. */
export class Latencies {
  readonly #microseconds = createHistogram();

  /** Runs `step` and records its duration; a step that throws is not counted. */
  async measure<T>(step: () => Promise<T>): Promise<T> {
    const startedAt = process.hrtime.bigint();
    const result = await step();
    this.#microseconds.record((process.hrtime.bigint() - startedAt) / 1_000n + 1n); // a histogram cannot record 0
    return result;
  }

  percentile(percentage: number): number {
    return this.#microseconds.percentile(percentage) / 1_000;
  }
}

/** The measurements of one subject over all rounds. */
export class Measurements {
  readonly start = new Latencies();
  /** From the report of the acceptance to the end of the run. */
  readonly agreement = new Latencies();
  /** The same while many flows run concurrently. */
  readonly agreementAtOnce = new Latencies();
  flows = 0;
  seconds = 0;

  get flowsPerSecond(): number {
    return this.flows / this.seconds;
  }
}

export async function runOneByOne(
  subject: Subject,
  flows: number,
  measured: Measurements,
  simulator: SimulatorClient,
): Promise<void> {
  for (let index = 0; index < flows; index += 1) {
    const flow = await measured.start.measure(() => subject.start());
    await acceptAsCustomer(flow, simulator);
    await measured.agreement.measure(() => reportAndWait(flow));
  }
}

export async function runAtOnce(
  subject: Subject,
  flows: number,
  atOnce: number,
  measured: Measurements,
  simulator: SimulatorClient,
): Promise<void> {
  const limit = new ConnectionPool(atOnce);
  const startedAt = performance.now();
  const runWholeFlow = async () => {
    const flow = await subject.start();
    await acceptAsCustomer(flow, simulator);
    await measured.agreementAtOnce.measure(() => reportAndWait(flow));
  };
  await Promise.all(Array.from({ length: flows }, () => limit.use(runWholeFlow)));
  measured.seconds += (performance.now() - startedAt) / 1_000;
  measured.flows += flows;
}

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 320;
const LONGEST_WAIT_MS = 60_000;

/** Polls with backoff until there is an attestation, because frequent polling by many flows would distort the measurement. */
async function acceptAsCustomer(flow: Flow, simulator: SimulatorClient): Promise<void> {
  const deadline = Date.now() + LONGEST_WAIT_MS;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    const [answer] = await Promise.allSettled([flow.getAttestationId()]);
    if (answer.status === 'fulfilled' && answer.value !== undefined) return simulator.accept(answer.value);
    if (Date.now() > deadline) {
      throw new Error('A flow did not get an attestation in time', {
        cause: answer.status === 'rejected' ? answer.reason : undefined,
      });
    }
    await pause(pauseMs);
  }
}

async function reportAndWait(flow: Flow): Promise<void> {
  await flow.reportAcceptance();
  await flow.waitForAgreement();
}
