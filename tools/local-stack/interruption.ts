import type { EventEmitter } from 'node:events';

const SAME_KEYPRESS_MS = 500; // npm passes on the signal that the terminal has already sent to the whole group
const PARENT_POLL_MS = 1_000;
const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

export interface InterruptionHandlers {
  /** Ends everything in order. */
  onFirst(): Promise<void>;
  /** Ends everything at once, because the person asks again. */
  onSecond(): void;
}

/** Listens for Ctrl-C and its kin on `source`, normally `process`; resolves when what `onFirst` returned does. */
export async function interruption(source: EventEmitter, handlers: InterruptionHandlers): Promise<void> {
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
 * Sends this process a SIGTERM once the shell that npm started it with is gone: a SIGTERM to npm ends that shell, which
 * does not pass it on. Only under npm, so that a stack started directly may outlive its terminal.
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
