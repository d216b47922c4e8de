import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { LogFile } from './log-file';
import type { Part } from './part';

/** How a part ended, as a person reads it; `succeeded` means exit code 0. */
export interface Ending {
  readonly succeeded: boolean;
  readonly description: string;
}

/** One part's process, in a process group of its own: a Ctrl-C in the terminal does not reach it, the supervisor ends it. */
export class RunningPart {
  readonly log: LogFile;
  readonly pid: number | undefined;
  readonly ended: Promise<Ending>;
  #ending: Ending | undefined;

  constructor(
    readonly part: Part,
    logFolder: string,
  ) {
    this.log = new LogFile(logFolder, part.name);
    const { descriptor } = this.log;
    const child = spawn(part.command, part.args, {
      env: part.environment,
      stdio: ['ignore', descriptor, descriptor],
      detached: true,
    });
    this.pid = child.pid;
    this.ended = new Promise<Ending>((resolve) => {
      child.once('error', ({ message }) => resolve({ succeeded: false, description: `could not start: ${message}` }));
      child.once('exit', (code, signal) =>
        resolve({ succeeded: code === 0, description: `ended with ${signal ?? `exit code ${code}`}` }),
      );
    }).then((ending) => {
      this.log.close();
      return (this.#ending = ending);
    });
  }

  get hasEnded(): boolean {
    return this.#ending !== undefined;
  }

  /** SIGTERM, and SIGKILL after `graceMs`; resolves when the process is gone. */
  async stop(graceMs: number): Promise<void> {
    this.signal('SIGTERM');
    const grace = new AbortController();
    const outOfPatience = delay(graceMs, undefined, { signal: grace.signal }).then(() => this.signal('SIGKILL'));
    await Promise.race([this.ended, outOfPatience.catch(() => undefined)]);
    await this.ended;
    grace.abort();
  }

  /** Signals the part's whole group, so that nothing it started outlives it. */
  signal(signal: NodeJS.Signals): void {
    if (this.pid === undefined || this.hasEnded) return;
    try {
      process.kill(-this.pid, signal);
    } catch {
      // it ended between the check and the signal
    }
  }
}
