import { join } from 'node:path';
import type { Part } from './part';
import { answersOk, isServing } from './readiness';
import type { StackSettings } from './settings';
import { withoutRealTargets } from './stack-environment';

const START_TIMEOUT_MS = 60_000; // all are up within seconds on two idle cores; CI machines are neither

/**
 * SQLite's default journal syncs the disk several times for each of the server's many small writes. With the log, a
 * process killed with -9 still loses nothing it has committed; a machine that loses its power may lose the last moments.
 */
const WRITE_AHEAD_LOG = ['--sqlite-pragma=journal_mode=WAL', '--sqlite-pragma=synchronous=NORMAL'];

/** The parts of the stack, in the order they start; each may rely on those before it. */
export function stackParts(settings: StackSettings, temporalCli: string, stack: Record<string, string>): Part[] {
  const { ports, root, stateFolder } = settings;
  const environment = { ...withoutRealTargets(process.env), ...stack };
  const simulatorUrl = `http://127.0.0.1:${ports.simulator.number}`;
  const workerHealth = `127.0.0.1:${ports.workerHealth.number}`;
  const ownProgram = (file: string, ownEnvironment: NodeJS.ProcessEnv) => ({
    command: process.execPath,
    args: ['--enable-source-maps', join(root, 'lib', file)],
    environment: { ...environment, ...ownEnvironment },
    timeoutMs: START_TIMEOUT_MS,
  });

  return [
    {
      kind: 'service',
      name: 'temporal',
      command: temporalCli,
      args: [
        'server',
        'start-dev',
        '--ip=127.0.0.1',
        `--port=${ports.temporal.number}`,
        `--ui-port=${ports.temporalUi.number}`,
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
      ...ownProgram('simulator/main.js', {
        SIMULATOR_PORT: String(ports.simulator.number),
        SIMULATOR_STATE_FILE: join(stateFolder, 'simulator.json'),
        SIMULATOR_CRM_SECRET: stack['CRM_CALLBACK_SECRETS'],
      }),
      isReady: (limit) => answersOk(`${simulatorUrl}/simulator/switches`, limit),
    },
    { kind: 'step', name: 'namespace', ...ownProgram('src/temporal/setup-namespace.js', {}) },
    {
      kind: 'service',
      name: 'worker',
      ...ownProgram('src/worker.js', { WORKER_HEALTH_ADDRESS: workerHealth }),
      isReady: (limit) => answersOk(`http://${workerHealth}/readyz`, limit),
    },
    {
      kind: 'service',
      name: 'gateway',
      ...ownProgram('src/gateway.js', {}),
      isReady: (limit) => answersOk(`http://127.0.0.1:${ports.gateway.number}/readyz`, limit),
    },
  ];
}
