/** Which processes make up the product under test, and how each is started. */
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  getCallbackEnvironment,
  getStackEnvironment,
  withoutProductVariables,
} from '../../tools/local-stack/environment';
import { answersOk, getStackParts, type Part, type Service, type Step } from '../../tools/local-stack/parts';
import { readStackSettings, type StackSettings } from '../../tools/local-stack/settings';
import { findProjectRoot } from '../../tools/project-root';
import { ownPorts } from './own-ports';

/** A process of the product, which can be killed and restarted. */
export type ProcessName = 'worker-1' | 'worker-2' | 'temporal' | 'gateway';

/** Who may call the gateway, and where it is. */
export interface Caller {
  readonly url: string;
  readonly apiKey: string;
}

export interface ProductUnderTest {
  readonly settings: StackSettings;
  /** With which any process of the product uses this stack. */
  readonly environment: Record<string, string>;
  readonly caller: Caller;
  readonly simulatorUrl: string;
  readonly temporalUiUrl: string;
  readonly services: Record<ProcessName | 'simulator', Service>;
  /** Readies the namespace; its turn is after Temporal and before the workers. */
  readonly namespace: Step;
}

/** The local stack's own processes with a second worker, on ports of its own, keeping all they keep in `folder`. */
export async function productIn(folder: string, temporalCli: string): Promise<ProductUnderTest> {
  const [temporal, temporalUi, simulator, firstHealth, secondHealth, gateway] = await ownPorts(6);
  const settingsWith = (workerHealth: number | undefined): StackSettings => ({
    ...readStackSettings(findProjectRoot(), {
      TEMPORAL_PORT: String(temporal),
      TEMPORAL_UI_PORT: String(temporalUi),
      SIMULATOR_PORT: String(simulator),
      WORKER_HEALTH_PORT: String(workerHealth),
      GATEWAY_PORT: String(gateway),
    }),
    stateFolder: folder,
    logFolder: join(folder, 'logs'),
  });
  const settings = settingsWith(firstHealth);
  const secrets = {
    acceptanceLinkKeys: `bench:${randomBytes(32).toString('base64')}`,
    crmCallbackSecrets: `whsec_${randomBytes(32).toString('base64')}`,
  };
  const environment = { ...getStackEnvironment(settings), ...getCallbackEnvironment(settings, secrets) };
  const partEnvironment = { ...withoutProductVariables(process.env), ...environment };
  const parts = getStackParts(settings, temporalCli, partEnvironment);
  const otherParts = getStackParts(settingsWith(secondHealth), temporalCli, partEnvironment);
  const caller = { url: `http://127.0.0.1:${gateway}`, apiKey: randomBytes(32).toString('hex') };
  return {
    settings,
    environment,
    caller,
    simulatorUrl: `http://127.0.0.1:${simulator}`,
    temporalUiUrl: `http://127.0.0.1:${temporalUi}`,
    services: {
      temporal: partOf(parts, 'temporal', 'service'),
      simulator: partOf(parts, 'simulator', 'service'),
      'worker-1': { ...partOf(parts, 'worker', 'service'), name: 'worker-1' },
      'worker-2': { ...partOf(otherParts, 'worker', 'service'), name: 'worker-2' },
      gateway: gatewayService(settings.libFolder, gateway!, environment, caller),
    },
    namespace: partOf(parts, 'namespace', 'step'),
  };
}

function partOf<K extends Part['kind']>(parts: readonly Part[], name: string, kind: K): Extract<Part, { kind: K }> {
  const part = parts.find((candidate) => candidate.name === name);
  if (part?.kind !== kind)
    throw new Error(`The local stack has no ${kind} "${name}": bench/stack/services.ts must follow it.`);
  return part as Extract<Part, { kind: K }>;
}

function gatewayService(
  libFolder: string,
  port: number,
  stack: Record<string, string>,
  { url, apiKey }: Caller,
): Service {
  return {
    kind: 'service',
    name: 'gateway',
    command: process.execPath,
    args: ['--enable-source-maps', join(libFolder, 'src', 'gateway.js')],
    environment: {
      ...withoutProductVariables(process.env),
      ...stack,
      GATEWAY_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      GATEWAY_PUBLIC_URL: url,
      GATEWAY_API_KEYS: `bench:${createHash('sha256').update(apiKey).digest('hex')}`,
      GATEWAY_REQUESTS_PER_MINUTE: '1000000', // all customers of this run call from one address
    },
    timeoutMs: 60_000,
    isReady: (limit) => answersOk(`${url}/healthz`, limit),
  };
}
