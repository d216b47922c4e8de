import { setTimeout as pause } from 'node:timers/promises';
import { ConnectionPool } from '../stack/connection-pool';
import type { SimulatorRemote } from '../stack/simulator';
import type { Contender, Flow } from './contender';
import { Latencies } from './latencies';

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 320;
const LONGEST_WAIT_MS = 60_000;

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

/** Asks for the window at ever longer intervals, also after "try again later": many who ask at once are a load too. */
async function acceptAsCustomer(flow: Flow, simulator: SimulatorRemote): Promise<void> {
  const deadline = Date.now() + LONGEST_WAIT_MS;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    const [answer] = await Promise.allSettled([flow.attestationId()]);
    if (answer.status === 'fulfilled' && answer.value !== undefined) return simulator.accept(answer.value);
    if (Date.now() > deadline) {
      throw new Error('A flow got no attestation', { cause: answer.status === 'rejected' ? answer.reason : undefined });
    }
    await pause(pauseMs);
  }
}

async function reportAndAwait(flow: Flow): Promise<void> {
  await flow.accept();
  await flow.ended();
}
