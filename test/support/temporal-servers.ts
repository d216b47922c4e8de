/** Temporal servers for tests, from the binaries that the global set-up found or built. */
import { TestWorkflowEnvironment } from '@temporalio/testing';
import type { LocalTestWorkflowEnvironmentOptions } from '@temporalio/testing';
import { reservePort } from '../../tools/test-bed/ports';
import { closeSafePlugin } from '../../src/temporal/connection';

export type DevServerOptions = Omit<NonNullable<LocalTestWorkflowEnvironmentOptions['server']>, 'executable'>;

const plugins = [closeSafePlugin];

/** The dev server, which is the production server in one process: real time, visibility, all retry rules. */
export function startDevServer(server: DevServerOptions = {}): Promise<TestWorkflowEnvironment> {
  return startWithRetries((port) =>
    TestWorkflowEnvironment.createLocal({ server: { port, ...server, ...executable('TEST_TEMPORAL_CLI') }, plugins }),
  );
}

/** A server whose clock jumps over waits; it knows no search attributes until they are registered. */
export function startTimeSkippingServer(): Promise<TestWorkflowEnvironment> {
  return startWithRetries((port) =>
    TestWorkflowEnvironment.createTimeSkipping({
      server: { port, ...executable('TEST_TIME_SKIPPING_SERVER') },
      plugins,
    }),
  );
}

function executable(variable: string) {
  return { executable: { type: 'existing-path' as const, path: process.env[variable]! } };
}

/** The SDK gives a server five seconds to start, which a busy machine may need more than once. */
async function startWithRetries<T>(startServer: (port: number) => Promise<T>, starts = 4): Promise<T> {
  for (let start = 1; ; start += 1) {
    try {
      return await startServer(await reservePort());
    } catch (error) {
      if (start === starts || !/did not start within/.test(String(error))) throw error;
    }
  }
}
