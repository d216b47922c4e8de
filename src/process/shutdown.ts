/** How a process ends: after a signal, or because it failed. */
import { createLogger } from './logging';

/** Resolves at the first SIGTERM or SIGINT. */
export function waitForShutdownSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => resolve());
  });
}

/** Runs the process. An error is logged as one line, and the exit code is then 1. */
export function runProcess(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    createLogger({ level: 'error' }).error({ error }, message);
    process.exitCode = 1;
  });
}
