import { setTimeout as pause } from 'node:timers/promises';
import { type Ending, PartProcess } from '../../tools/local-stack/part-process';
import type { Service } from '../../tools/local-stack/parts';

const RESTART_PAUSE_MS = 500; // a worker that finds no server ends by itself, and would spin
const READY_POLL_MS = 100;

/** How a process ended that was told to, and how long that took. */
export interface Drain extends Ending {
  readonly seconds: number;
}

/** A service that is started again whenever it ends, as `restart: unless-stopped` does. */
export class KeptAlive {
  /** How often it ended without being told to. */
  endedByItself = 0;
  kills = 0;
  #lives = 0;
  #running: PartProcess;
  #wasTold = false;
  #stopping = false;
  #gone: Promise<void>;

  /** `onChange` is called whenever `pid` has changed. */
  constructor(
    private readonly service: Service,
    private readonly logFolder: string,
    private readonly onChange: () => void,
  ) {
    this.#running = this.#begin();
    this.#gone = this.#keepAlive();
  }

  get pid(): number | undefined {
    return this.#running.hasEnded ? undefined : this.#running.pid;
  }

  /** Resolves when it answers; throws with the end of its log when it does not in time. */
  async ready(stop: AbortSignal): Promise<void> {
    const deadline = AbortSignal.timeout(this.service.timeoutMs);
    const limit = AbortSignal.any([stop, deadline]);
    while (!(await this.service.isReady(limit).catch(() => false))) {
      stop.throwIfAborted();
      if (deadline.aborted || this.endedByItself > 0) {
        const lines = this.#running.log.getLastLines(15).map((line) => `  ${line}`);
        throw new Error([`${this.service.name} did not become ready. The end of its log:`, ...lines].join('\n'));
      }
      await pause(READY_POLL_MS);
    }
  }

  /** SIGKILL; it is started again at once. */
  kill(): void {
    this.kills += 1;
    this.#wasTold = true;
    this.#running.signal('SIGKILL');
  }

  /** SIGTERM, as a rolling restart begins; resolves when it has drained and ended, and is being started again. */
  async restart(): Promise<Drain> {
    const toldAt = performance.now();
    this.#wasTold = true;
    this.#running.signal('SIGTERM');
    const { succeeded, description } = await this.#running.ended;
    return { succeeded, description, seconds: (performance.now() - toldAt) / 1_000 };
  }

  /** Kills it for good; resolves when the process is gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#running.signal('SIGKILL');
    await this.#gone;
  }

  #begin(): PartProcess {
    this.#lives += 1;
    this.#wasTold = false;
    // A log of its own for every life: the last words of the one that was killed are the interesting ones.
    const name = this.#lives === 1 ? this.service.name : `${this.service.name}.${this.#lives}`;
    return new PartProcess({ ...this.service, name }, this.logFolder);
  }

  async #keepAlive(): Promise<void> {
    for (;;) {
      this.onChange();
      await this.#running.ended;
      if (!this.#stopping && !this.#wasTold) {
        this.endedByItself += 1;
        await pause(RESTART_PAUSE_MS);
      }
      if (this.#stopping) break;
      this.#running = this.#begin();
    }
    this.onChange();
  }
}
