import { join } from 'node:path';
import { runCommand } from '../binaries/command';
import type { StackSettings } from './settings';

/** What is needed to start one of the stack's processes. */
interface Command {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** The longest time until a service is ready, or until a step has ended. */
  readonly timeoutMs: number;
}

/** Runs until the stack ends; ending earlier is a failure. */
export interface Service extends Command {
  readonly kind: 'service';
  /** Called repeatedly until it returns true. It may throw; `limit` aborts it. */
  isReady(limit: AbortSignal): Promise<boolean>;
}

/** Must end with exit code 0 before the next part starts. */
export interface Step extends Command {
  readonly kind: 'step';
}

export type Part = Service | Step;

const START_TIMEOUT_MS = 60_000; // a start takes seconds on two idle cores, and much longer on a busy CI machine

/**
 * SQLite's default journal syncs the disk several times for each of the server's many small writes. With a write-ahead log
 * a process killed with -9 still loses nothing that it has committed; a power failure may lose the latest commits.
 */
const WRITE_AHEAD_LOG = ['--sqlite-pragma=journal_mode=WAL', '--sqlite-pragma=synchronous=NORMAL'];

/** The parts of the stack in start order, all with the same environment; each may depend on those before it. */
export function getStackParts(
  { ports, libFolder, stateFolder }: StackSettings,
  temporalCli: string,
  environment: NodeJS.ProcessEnv,
): Part[] {
  const productProcess = (file: string, ownEnvironment: NodeJS.ProcessEnv = {}) => ({
    command: process.execPath,
    args: ['--enable-source-maps', join(libFolder, file)],
    environment: { ...environment, ...ownEnvironment },
    timeoutMs: START_TIMEOUT_MS,
  });
  const workerHealth = environment['WORKER_HEALTH_ADDRESS'] || `127.0.0.1:${ports.workerHealth}`;

  return [
    {
      kind: 'service',
      name: 'temporal',
      command: temporalCli,
      args: [
        'server',
        'start-dev',
        '--ip=127.0.0.1',
        `--port=${ports.temporal}`,
        `--ui-port=${ports.temporalUi}`,
        `--db-filename=${join(stateFolder, 'temporal.db')}`,
        ...WRITE_AHEAD_LOG,
        '--log-level=warn',
      ],
      environment,
      timeoutMs: START_TIMEOUT_MS,
      isReady: (limit) => isServing(temporalCli, environment, limit),
    },
    {
      kind: 'service',
      name: 'simulator',
      ...productProcess('simulator/main.js', {
        SIMULATOR_PORT: String(ports.simulator),
        SIMULATOR_STATE_FILE: join(stateFolder, 'simulator.json'),
      }),
      isReady: (limit) => answersOk(`http://127.0.0.1:${ports.simulator}/simulator/switches`, limit),
    },
    { kind: 'step', name: 'namespace', ...productProcess('src/setup-namespace.js') },
    {
      kind: 'service',
      name: 'worker',
      ...productProcess('src/worker.js', { WORKER_HEALTH_ADDRESS: workerHealth }),
      isReady: (limit) => answersOk(`http://${toReachable(workerHealth)}/readyz`, limit),
    },
    {
      kind: 'service',
      name: 'gateway',
      ...productProcess('src/gateway.js'),
      isReady: (limit) =>
        answersOk(
          `http://${toReachable(`${environment['GATEWAY_HOST'] || '127.0.0.1'}:${ports.gateway}`)}/readyz`,
          limit,
        ),
    },
  ];
}

/** Whether a GET of `url` is answered with 200; throws while nothing listens there. */
export async function answersOk(url: string, limit: AbortSignal): Promise<boolean> {
  const answer = await fetch(url, { signal: limit });
  await answer.body?.cancel();
  return answer.status === 200;
}

/** Whether the Temporal server in `environment` reports itself as serving; throws while it does not. */
async function isServing(cli: string, environment: NodeJS.ProcessEnv, limit: AbortSignal): Promise<boolean> {
  const printed = await runCommand(cli, ['operator', 'cluster', 'health'], { environment, signal: limit });
  return /^SERVING/m.test(printed);
}

/** Replaces a wildcard address with the loopback address, to which a client can connect. */
function toReachable(hostAndPort: string): string {
  return hostAndPort.replace(/^(0\.0\.0\.0|\[?::\]?)(?=:\d+$)/, '127.0.0.1');
}
