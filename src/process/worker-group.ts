/** The Temporal side of a worker process: the SDK's runtime, and the workers on it. */
import { DefaultLogger, Runtime, type State, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Level } from 'pino';
import type { Logger } from './logging';

/** The workers of this process as one: they start, drain and fail together. */
export class WorkerGroup {
  private constructor(private readonly workers: readonly Worker[]) {}

  /** Creates all of them, or none: a worker that is created and never run would keep the process alive. */
  static async create(options: readonly WorkerOptions[]): Promise<WorkerGroup> {
    const workers: Worker[] = [];
    try {
      for (const workerOptions of options) workers.push(await Worker.create(workerOptions));
      return new WorkerGroup(workers);
    } catch (error) {
      const unused = new WorkerGroup(workers);
      const ended = unused.run();
      unused.shutdown();
      await ended;
      throw error;
    }
  }

  /** RUNNING when all of them are; else the state of the first that is not. */
  get state(): State {
    return this.workers.map((worker) => worker.getState()).find((state) => state !== 'RUNNING') ?? 'RUNNING';
  }

  /**
   * Resolves once all have drained, after a signal to the process or `shutdown`. If one fails, it rejects once the
   * others have drained.
   */
  async run(): Promise<void> {
    const ends = this.workers.map((worker) => worker.run());
    try {
      await Promise.all(ends);
    } catch (error) {
      this.shutdown();
      await Promise.allSettled(ends);
      throw error;
    }
  }

  shutdown(): void {
    for (const worker of this.workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  }
}

/**
 * Installs the Temporal runtime of this process: the SDK logs through `log`, and serves its Prometheus metrics on
 * `metricsAddress`, if given.
 */
export function installTemporalRuntime(log: Logger, metricsAddress?: string): void {
  const logger = new DefaultLogger('TRACE', ({ level, message, meta = {} }) =>
    log[level.toLowerCase() as Level](meta, message),
  );
  try {
    Runtime.install({
      logger,
      telemetryOptions: {
        logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} },
        metrics: metricsAddress === undefined ? undefined : { prometheus: { bindAddress: metricsAddress } },
      },
    });
  } catch (error) {
    if (metricsAddress === undefined) throw error;
    const reason = (error as Error).message;
    throw new Error(`The worker cannot listen on ${metricsAddress} (${reason}): check METRICS_ADDRESS.`, {
      cause: error,
    });
  }
}
