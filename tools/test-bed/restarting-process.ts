import { setTimeout as pause } from 'node:timers/promises';
import { type Ending, PartProcess } from '../local-stack/part-process';
import type { Service } from '../local-stack/parts';

const RESTART_PAUSE_MS = 500; // a worker exits while it has no server; without a pause it would restart in a tight loop
const READY_POLL_MS = 100;

/** How a process ended after SIGTERM, and how long that took. */
export interface DrainResult extends Ending {
  readonly seconds: number;
}

/** A service that is restarted whenever it ends, like Docker's `restart: unless-stopped`. */
export class RestartingProcess {
  /** How often the process ended although this class had not sent it a signal. */
  unexpectedExits = 0;
  kills = 0;
  #starts = 0;
  #running: PartProcess;
  #signalSent = false;
  #stopping = false;
  #stopped: Promise<void>;

  /** Calls `onChange` whenever `pid` has changed. */
  constructor(
    private readonly service: Service,
    private readonly logFolder: string,
    private readonly onChange: () => void,
  ) {
    this.#running = this.#start();
    this.#stopped = this.#keepRunning();
  }

  get pid(): number | undefined {
    return this.#running.hasEnded ? undefined : this.#running.pid;
  }

  /** Resolves when the service is ready; throws an error with its last log lines if it times out or exits. */
  async waitUntilReady(stop: AbortSignal): Promise<void> {
    const deadline = AbortSignal.timeout(this.service.timeoutMs);
    const limit = AbortSignal.any([stop, deadline]);
    while (!(await this.service.isReady(limit).catch(() => false))) {
      stop.throwIfAborted();
      if (deadline.aborted || this.unexpectedExits > 0) {
        const lines = this.#running.log.getLastLines(15).map((line) => `  ${line}`);
        throw new Error([`${this.service.name} did not become ready. The end of its log:`, ...lines].join('\n'));
      }
      await pause(READY_POLL_MS);
    }
  }

  /** Sends SIGKILL; the process is restarted immediately. */
  kill(): void {
    this.kills += 1;
    this.#signalSent = true;
    this.#running.signal('SIGKILL');
  }

  /** Sends SIGTERM, as in a rolling restart; resolves when the old process has ended, before the new one is ready. */
  async restart(): Promise<DrainResult> {
    const signalledAt = performance.now();
    this.#signalSent = true;
    this.#running.signal('SIGTERM');
    const { succeeded, description } = await this.#running.ended;
    return { succeeded, description, seconds: (performance.now() - signalledAt) / 1_000 };
  }

  /** Sends SIGKILL and does not restart; resolves when the process has ended. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#running.signal('SIGKILL');
    await this.#stopped;
  }

  #start(): PartProcess {
    this.#starts += 1;
    this.#signalSent = false;
    // One log file for each start, so that a restart does not overwrite the last lines of the killed process.
    const name = this.#starts === 1 ? this.service.name : `${this.service.name}.${this.#starts}`;
    return new PartProcess({ ...this.service, name }, this.logFolder);
  }

  async #keepRunning(): Promise<void> {
    for (;;) {
      this.onChange();
      await this.#running.ended;
      if (!this.#stopping && !this.#signalSent) {
        this.unexpectedExits += 1;
        await pause(RESTART_PAUSE_MS);
      }
      if (this.#stopping) break;
      this.#running = this.#start();
    }
    this.onChange();
  }
}
