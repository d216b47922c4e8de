import { spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Part } from './parts';

/** How a process ended; `succeeded` means exit code 0. */
export interface Ending {
  readonly succeeded: boolean;
  /** For display: "ended with exit code 7". */
  readonly description: string;
}

const FOLLOW_MS = 200;
const TAIL_BYTES = 16 * 1024;

/** The process of one part, in its own process group: Ctrl-C in the terminal reaches only the supervisor, which ends it. */
export class PartProcess {
  readonly log: LogFile;
  readonly pid: number | undefined;
  readonly ended: Promise<Ending>;
  #hasEnded = false;

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
    this.ended = new Promise((resolve) => {
      const onEnd = (ending: Ending) => {
        this.#hasEnded = true;
        this.log.close();
        resolve(ending);
      };
      child.once('error', ({ message }) => onEnd({ succeeded: false, description: `could not start: ${message}` }));
      child.once('exit', (code, signal) =>
        onEnd({ succeeded: code === 0, description: `ended with ${signal ?? `exit code ${code}`}` }),
      );
    });
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** SIGTERM, and SIGKILL after `graceMs`; resolves when the process is gone. */
  async stop(graceMs: number): Promise<void> {
    this.signal('SIGTERM');
    const grace = new AbortController();
    const kill = delay(graceMs, undefined, { signal: grace.signal }).then(() => this.signal('SIGKILL'));
    await Promise.race([this.ended, kill.catch(() => undefined)]);
    await this.ended;
    grace.abort();
  }

  /** Signals the whole process group, so that no child process outlives it. */
  signal(signal: NodeJS.Signals): void {
    if (this.pid === undefined || this.hasEnded) return;
    try {
      process.kill(-this.pid, signal);
    } catch {
      // it ended between the check and the signal
    }
  }
}

/**
 * A part's log. The part writes to the file itself, so its last lines are kept even if the supervisor is killed; they
 * are read through the descriptor, because the file may be deleted while the part runs.
 */
export class LogFile {
  readonly path: string;
  /** For the child's stdout and stderr. */
  readonly descriptor: number;
  #closedTail: string | undefined;

  constructor(folder: string, name: string) {
    mkdirSync(folder, { recursive: true });
    this.path = join(folder, `${name}.log`);
    this.descriptor = openSync(this.path, 'w+', 0o600);
  }

  getLastLines(count: number): string[] {
    const tail = this.#closedTail ?? this.#readTail();
    return tail.split('\n').filter(Boolean).slice(-count);
  }

  /** Calls `onLine` for each new line. The returned function reads the remaining lines and stops. */
  follow(onLine: (line: string) => void): () => void {
    const reader = openSync(this.path, 'r');
    const chunk = Buffer.alloc(64 * 1024);
    let unfinished = '';
    const read = () => {
      for (let length = readSync(reader, chunk); length > 0; length = readSync(reader, chunk)) {
        const lines = (unfinished + chunk.toString('utf8', 0, length)).split('\n');
        unfinished = lines.pop() ?? '';
        lines.forEach(onLine);
      }
    };
    const timer = setInterval(read, FOLLOW_MS);
    return () => {
      clearInterval(timer);
      read();
      closeSync(reader);
    };
  }

  close(): void {
    this.#closedTail = this.#readTail();
    closeSync(this.descriptor);
  }

  #readTail(): string {
    const tail = Buffer.alloc(TAIL_BYTES);
    const position = Math.max(0, fstatSync(this.descriptor).size - TAIL_BYTES);
    return tail.toString('utf8', 0, readSync(this.descriptor, tail, 0, TAIL_BYTES, position));
  }
}
