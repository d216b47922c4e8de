/** What the measuring programs share: progress, Ctrl-C, exit codes. */
import { setMaxListeners } from 'node:events';
import { getMessage } from '../tools/binaries/command';
import { endWithNpm, waitForInterruption } from '../tools/local-stack/shutdown';

const INTERRUPTED_EXIT_CODE = 130;

/** Progress goes to stderr, so that the report can be piped. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Runs `job` until it ends, or until Ctrl-C has let it clean up; resolves with the exit code. */
export async function interruptible(job: (stop: AbortSignal) => Promise<number>): Promise<number> {
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const running = job(stop.signal);
  const stopRunning = async () => {
    say('Stopping');
    stop.abort();
    await running.catch(() => undefined);
  };
  void waitForInterruption(process, { onFirst: stopRunning, onSecond: () => undefined });
  endWithNpm(process.env);
  try {
    return await running;
  } catch (error) {
    if (stop.signal.aborted) return INTERRUPTED_EXIT_CODE;
    throw error;
  }
}

/** Ends the process with the code that `main` resolves with, or with its reason and 1. */
export async function runAsProgram(main: () => Promise<number>): Promise<never> {
  try {
    return process.exit(await main()); // the signal handlers would keep the process alive
  } catch (error) {
    console.error(getMessage(error));
    return process.exit(1);
  }
}
