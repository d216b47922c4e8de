import { spawn, type ChildProcess } from 'node:child_process';

/**
 * Keeps the newest list of process groups it reads. When its input ends, whoever wrote it is gone: what is still listed
 * is ended in the order given, SIGTERM first and SIGKILL after ten seconds. An orderly end leaves an empty list.
 */
export const WARDEN_SCRIPT = `
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

/** Ends the parts when the supervisor itself is killed with SIGKILL and can end nothing any more. */
export class Warden {
  readonly #shell: ChildProcess;

  constructor() {
    this.#shell = spawn('/bin/sh', ['-c', WARDEN_SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    this.#shell.stdin?.on('error', () => undefined); // without a warden the stack still works, it only loses this safety
    this.#shell.on('error', () => undefined);
    this.#shell.unref();
  }

  /** Replaces the list; first comes what must end first. */
  watch(pids: readonly number[]): void {
    this.#shell.stdin?.write(`${pids.join(' ')}\n`);
  }

  /** Ends the warden itself; call it with nothing left to watch. */
  dismiss(): void {
    this.watch([]);
    this.#shell.stdin?.end();
  }
}
