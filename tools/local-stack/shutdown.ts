/** Ends the stack's processes whether this process ends by Ctrl-C, with npm, or by SIGKILL. */
import { spawn, type ChildProcess } from 'node:child_process';
import type { EventEmitter } from 'node:events';

const SAME_KEYPRESS_MS = 500; // npm forwards the signal that the terminal has already sent to the whole group
const PARENT_POLL_MS = 1_000;
const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

export interface InterruptionHandlers {
  /** Graceful shutdown. */
  onFirst(): Promise<void>;
  /** Immediate shutdown. */
  onSecond(): void;
}

/** Waits for Ctrl-C, SIGTERM or SIGHUP on `source`, normally `process`; then settles with the promise of `onFirst`. */
export async function waitForInterruption(source: EventEmitter, handlers: InterruptionHandlers): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let firstAt: number | undefined;
    const onSignal = () => {
      if (firstAt === undefined) {
        firstAt = Date.now();
        handlers.onFirst().then(resolve, reject);
      } else if (Date.now() - firstAt > SAME_KEYPRESS_MS) {
        handlers.onSecond();
      }
    };
    for (const signal of ENDING_SIGNALS) source.on(signal, onSignal);
  });
}

/**
 * Sends this process a SIGTERM once the shell in which npm started it has ended, because that shell does not forward the
 * SIGTERM that npm receives. Only under npm, so that a stack started directly can outlive its terminal.
 */
export function endWithNpm(environment: NodeJS.ProcessEnv): void {
  if (environment['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, PARENT_POLL_MS);
  timer.unref();
}

/**
 * Each input line replaces the list of process groups. The input ends when the writer has died; then the script ends the
 * listed groups in order, by SIGTERM and after ten seconds by SIGKILL. After a graceful shutdown the list is empty.
 */
export const ORPHAN_REAPER_SCRIPT = `
groups=
while read -r line; do groups=$line; done
for group in $groups; do
  kill -s TERM -- "-$group" 2>/dev/null || continue
  tries=0
  while kill -s 0 -- "-$group" 2>/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -gt 100 ] && kill -s KILL -- "-$group" 2>/dev/null
    sleep 0.1
  done
done`;

/** A shell process that ends the parts if this process is killed with SIGKILL and cannot do so itself. */
export class OrphanReaper {
  readonly #shell: ChildProcess;

  constructor() {
    this.#shell = spawn('/bin/sh', ['-c', ORPHAN_REAPER_SCRIPT], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    this.#shell.stdin?.on('error', () => undefined); // the stack also works without the reaper
    this.#shell.on('error', () => undefined);
    this.#shell.unref();
  }

  /** Replaces the list; the first is ended first. */
  watch(pids: readonly number[]): void {
    this.#shell.stdin?.write(`${pids.join(' ')}\n`);
  }

  /** Ends the shell; call it when nothing is left to watch. */
  close(): void {
    this.watch([]);
    this.#shell.stdin?.end();
  }
}
