/** Ends the stack's processes however this process ends: Ctrl-C, the end of npm, or SIGKILL. */
import { spawn, type ChildProcess } from 'node:child_process';
import type { EventEmitter } from 'node:events';

const SAME_KEYPRESS_MS = 500; // npm forwards the signal that the terminal has already sent to the whole group
const PARENT_POLL_MS = 1_000;
const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

export interface InterruptionHandlers {
  /** Ends everything in order. */
  onFirst(): Promise<void>;
  /** Ends everything at once. */
  onSecond(): void;
}

/** Waits for Ctrl-C, SIGTERM or SIGHUP on `source`, normally `process`; settles like the promise of `onFirst`. */
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
 * Sends this process a SIGTERM once the shell in which npm started it is gone: a SIGTERM to npm ends that shell, which
 * does not forward it. Only under npm, so that a stack started directly may outlive its terminal.
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
 * Keeps the newest list of process groups that it reads. Its input ends when the writer is gone: then it ends the listed
 * groups in the order given, SIGTERM first and SIGKILL after ten seconds. An orderly end leaves an empty list.
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

/** A shell that ends the parts when this process was killed with SIGKILL and can no longer do so. */
export class OrphanReaper {
  readonly #shell: ChildProcess;

  constructor() {
    this.#shell = spawn('/bin/sh', ['-c', ORPHAN_REAPER_SCRIPT], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    this.#shell.stdin?.on('error', () => undefined); // without it the stack works all the same
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
