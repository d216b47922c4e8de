import { setTimeout as pause } from 'node:timers/promises';
import { ConnectionPool } from '../chaos/connection-pool';
import type { SimulatorRemote } from '../chaos/simulator';
import type { Contender, Flow } from './contender';
import { Latencies } from './latencies';

const POLL_MS = 10;

/** What one contender did, over all its rounds. */
export class Measurements {
  readonly start = new Latencies();
  /** From the report of the acceptance to the end of the run. */
  readonly agreement = new Latencies();
  /** The same with many flows under way. */
  readonly agreementAmongMany = new Latencies();
  flows = 0;
  seconds = 0;

  get flowsPerSecond(): number {
    return this.flows / this.seconds;
  }
}

export async function runOneAtATime(
  contender: Contender,
  flows: number,
  into: Measurements,
  simulator: SimulatorRemote,
): Promise<void> {
  for (let flow = 0; flow < flows; flow += 1) {
    const started = await into.start.of(() => contender.start());
    await acceptAsCustomer(started, simulator);
    await into.agreement.of(() => reportAndAwait(started));
  }
}

export async function runManyAtOnce(
  contender: Contender,
  flows: number,
  atOnce: number,
  into: Measurements,
  simulator: SimulatorRemote,
): Promise<void> {
  const places = new ConnectionPool(atOnce);
  const beganAt = performance.now();
  const whole = async () => {
    const started = await contender.start();
    await acceptAsCustomer(started, simulator);
    await into.agreementAmongMany.of(() => reportAndAwait(started));
  };
  await Promise.all(Array.from({ length: flows }, () => places.use(whole)));
  into.seconds += (performance.now() - beganAt) / 1_000;
  into.flows += flows;
}

async function acceptAsCustomer(flow: Flow, simulator: SimulatorRemote): Promise<void> {
  for (;;) {
    const attestationId = await flow.attestationId();
    if (attestationId !== undefined) return simulator.accept(attestationId);
    await pause(POLL_MS);
  }
}

async function reportAndAwait(flow: Flow): Promise<void> {
  await flow.accept();
  await flow.ended();
}
