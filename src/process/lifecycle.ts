/** How a process reports its health, and how it ends: after a signal, or because it failed. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { State } from '@temporalio/worker';
import { createLogger } from './logging';

export interface HostPort {
  host: string;
  port: number;
}

const DEAD: ReadonlySet<State> = new Set<State>(['FAILED', 'STOPPED']);

/** Answers `/healthz` (alive) and `/readyz` (polling for work) with 200 or 503 and the worker's state. */
export async function startHealthServer(
  { host, port }: HostPort,
  getWorkerState: () => State,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const state = getWorkerState();
    const answers: Record<string, boolean> = { '/healthz': !DEAD.has(state), '/readyz': state === 'RUNNING' };
    const isHealthy = answers[request.url ?? ''];
    const status = isHealthy === undefined ? 404 : isHealthy ? 200 : 503;
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify({ state }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(`The worker cannot listen on ${host}:${port} (${error.code}): check WORKER_HEALTH_ADDRESS.`)),
    );
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

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
