/** The whole product as local processes: Temporal, the simulator, two workers and the gateway. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../binaries/command';
import {
  getCallbackEnvironment,
  getStackEnvironment,
  withoutProductVariables,
  writeEnvironmentFiles,
} from '../local-stack/environment';
import { answersOk, getStackParts, type Part, type Service, type Step } from '../local-stack/parts';
import { readStackSettings, type StackSettings } from '../local-stack/settings';
import { OrphanReaper } from '../local-stack/shutdown';
import { getProductFolder } from '../../src/process/version';
import { reservePorts } from './ports';
import { type DrainResult, RestartingProcess } from './restarting-process';

/** A process of the product that can be killed and restarted. */
export type ProcessName = 'worker-1' | 'worker-2' | 'temporal' | 'gateway';

export interface GatewayAccess {
  readonly url: string;
  readonly apiKey: string;
}

/** The processes of the product, and how to reach them. */
export interface ProductDefinition {
  readonly settings: StackSettings;
  /** The variables that point any process of the product to this stack. */
  readonly environment: Record<string, string>;
  readonly gateway: GatewayAccess;
  readonly simulatorUrl: string;
  readonly temporalUiUrl: string;
  readonly services: Record<ProcessName | 'simulator', Service>;
  /** Creates the namespace; runs after Temporal and before the workers. */
  readonly namespaceSetup: Step;
}

/** Runs the product; each process can be killed or restarted, and `stop` removes everything. */
export class ProductStack {
  readonly #running = new Map<string, RestartingProcess>();
  readonly #reaper = new OrphanReaper();
  #stopping = false;

  private constructor(
    readonly folder: string,
    readonly product: ProductDefinition,
  ) {}

  /** Creates a temporary folder and reserves ports, but starts nothing. Call `stop` when done, even after a failure. */
  static async prepare(temporalCli: string): Promise<ProductStack> {
    const folder = await mkdtemp(join(tmpdir(), 'agreement-onboarding-bench-'));
    return new ProductStack(folder, await defineProduct(folder, temporalCli));
  }

  /** Starts Temporal, the simulator and `others`; resolves when all are ready, otherwise throws an error with the last log lines. */
  async start(others: readonly ProcessName[], stop: AbortSignal): Promise<void> {
    const { settings, environment, namespaceSetup, services } = this.product;
    await writeEnvironmentFiles(settings, environment);
    await Promise.all([services.temporal, services.simulator].map((service) => this.startService(service, stop)));
    await runCommand(namespaceSetup.command, namespaceSetup.args, { ...namespaceSetup, signal: stop });
    await Promise.all(others.map((name) => this.startService(services[name], stop)));
  }

  /** Starts one more process and resolves when it is ready. */
  async startService(service: Service, stop: AbortSignal): Promise<void> {
    stop.throwIfAborted();
    if (this.#stopping) throw new Error('The stack has been stopped.');
    const running = new RestartingProcess(service, this.product.settings.logFolder, () => this.#updateReaper());
    this.#running.set(service.name, running);
    this.#updateReaper();
    await running.waitUntilReady(stop);
  }

  /** The id of the process that currently runs under this name. */
  getPid(name: ProcessName): number {
    const pid = this.#running.get(name)?.pid;
    if (pid === undefined) throw new Error(`${name} is not running.`);
    return pid;
  }

  /** Sends SIGKILL; the process is restarted immediately. */
  kill(name: ProcessName): void {
    this.#running.get(name)?.kill();
  }

  /** Sends SIGTERM; resolves once the process has ended and its replacement is ready. */
  async restart(name: ProcessName, stop: AbortSignal): Promise<DrainResult> {
    const running = this.#running.get(name);
    if (running === undefined) throw new Error(`There is no ${name} to restart.`);
    const drain = await running.restart();
    await running.waitUntilReady(stop);
    return drain;
  }

  /** How often each process was killed, and how often it ended without a signal; zeros are omitted. */
  getExitCounts(): { kills: Record<string, number>; unexpectedExits: Record<string, number> } {
    const count = (member: 'kills' | 'unexpectedExits') =>
      Object.fromEntries(
        [...this.#running].map(([name, process]) => [name, process[member]] as const).filter(([, n]) => n !== 0),
      );
    return { kills: count('kills'), unexpectedExits: count('unexpectedExits') };
  }

  /** Kills every process and removes the folder, unless `keepFolder`. May be called again. */
  async stop({ keepFolder = false } = {}): Promise<void> {
    this.#stopping = true;
    await Promise.all([...this.#running.values()].map((process) => process.stop()));
    this.#reaper.close();
    if (!keepFolder) await rm(this.folder, { recursive: true, force: true });
  }

  #updateReaper(): void {
    this.#reaper.watch([...this.#running.values()].flatMap(({ pid }) => pid ?? []));
  }
}

/** The parts of the local stack and a second worker, on reserved ports, with all state in `folder`. */
async function defineProduct(folder: string, temporalCli: string): Promise<ProductDefinition> {
  const [temporal, temporalUi, simulator, firstHealth, secondHealth, gateway] = await reservePorts(6);
  const settingsWith = (workerHealth: number | undefined): StackSettings => ({
    ...readStackSettings(getProductFolder(), {
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
  const partsOfSecondWorker = getStackParts(settingsWith(secondHealth), temporalCli, partEnvironment);
  const gatewayAccess = { url: `http://127.0.0.1:${gateway}`, apiKey: randomBytes(32).toString('hex') };
  return {
    settings,
    environment,
    gateway: gatewayAccess,
    simulatorUrl: `http://127.0.0.1:${simulator}`,
    temporalUiUrl: `http://127.0.0.1:${temporalUi}`,
    services: {
      temporal: getPart(parts, 'temporal', 'service'),
      simulator: getPart(parts, 'simulator', 'service'),
      'worker-1': { ...getPart(parts, 'worker', 'service'), name: 'worker-1' },
      'worker-2': { ...getPart(partsOfSecondWorker, 'worker', 'service'), name: 'worker-2' },
      gateway: buildGatewayService(settings.libFolder, gateway!, environment, gatewayAccess),
    },
    namespaceSetup: getPart(parts, 'namespace', 'step'),
  };
}

function getPart<K extends Part['kind']>(parts: readonly Part[], name: string, kind: K): Extract<Part, { kind: K }> {
  const part = parts.find((candidate) => candidate.name === name);
  if (part?.kind !== kind) {
    throw new Error(`The local stack has no ${kind} "${name}": adapt tools/test-bed/product-stack.ts.`);
  }
  return part as Extract<Part, { kind: K }>;
}

function buildGatewayService(
  libFolder: string,
  port: number,
  environment: Record<string, string>,
  { url, apiKey }: GatewayAccess,
): Service {
  return {
    kind: 'service',
    name: 'gateway',
    command: process.execPath,
    args: ['--enable-source-maps', join(libFolder, 'src', 'gateway.js')],
    environment: {
      ...withoutProductVariables(process.env),
      ...environment,
      GATEWAY_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      GATEWAY_PUBLIC_URL: url,
      GATEWAY_API_KEYS: `bench:${createHash('sha256').update(apiKey).digest('hex')}`,
      GATEWAY_REQUESTS_PER_MINUTE: '1000000', // every simulated customer calls from the same address
    },
    timeoutMs: 60_000,
    isReady: (limit) => answersOk(`${url}/healthz`, limit),
  };
}
