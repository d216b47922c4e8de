import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../tools/binaries/command';
import { writeEnvironmentFiles } from '../../tools/local-stack/environment';
import type { Service } from '../../tools/local-stack/parts';
import { OrphanReaper } from '../../tools/local-stack/shutdown';
import { type Drain, KeptAlive } from './kept-alive';
import { type ProcessName, productIn, type ProductUnderTest } from './services';

/** The running product: each of its processes can be killed, and all of it leaves nothing behind. */
export class ProductStack {
  readonly #running = new Map<string, KeptAlive>();
  readonly #reaper = new OrphanReaper();
  #stopping = false;

  private constructor(
    readonly folder: string,
    readonly product: ProductUnderTest,
  ) {}

  /** Takes a temporary folder and ports. Nothing runs yet, but from here on there is something to remove. */
  static async prepare(temporalCli: string): Promise<ProductStack> {
    const folder = await mkdtemp(join(tmpdir(), 'agreement-onboarding-bench-'));
    return new ProductStack(folder, await productIn(folder, temporalCli));
  }

  /** Resolves when Temporal, the simulator and `others` answer; throws with the end of a log when one does not. */
  async start(others: readonly ProcessName[], stop: AbortSignal): Promise<void> {
    const { settings, environment, namespace, services } = this.product;
    await writeEnvironmentFiles(settings, environment);
    await Promise.all([services.temporal, services.simulator].map((service) => this.serve(service, stop)));
    await runCommand(namespace.command, namespace.args, { ...namespace, signal: stop });
    await Promise.all(others.map((name) => this.serve(services[name], stop)));
  }

  /** Starts one more process and resolves when it answers. */
  async serve(service: Service, stop: AbortSignal): Promise<void> {
    stop.throwIfAborted();
    if (this.#stopping) throw new Error('The stack has been stopped.');
    const running = new KeptAlive(service, this.product.settings.logFolder, () => this.#updateReaper());
    this.#running.set(service.name, running);
    this.#updateReaper();
    await running.ready(stop);
  }

  /** The process that runs under this name now. */
  pidOf(name: ProcessName): number {
    const pid = this.#running.get(name)?.pid;
    if (pid === undefined) throw new Error(`${name} does not run.`);
    return pid;
  }

  /** SIGKILL; the process is started again at once. */
  kill(name: ProcessName): void {
    this.#running.get(name)?.kill();
  }

  /** SIGTERM; resolves once the process has drained and the one started in its place answers. */
  async restart(name: ProcessName, stop: AbortSignal): Promise<Drain> {
    const running = this.#running.get(name);
    if (running === undefined) throw new Error(`There is no ${name} to restart.`);
    const drain = await running.restart();
    await running.ready(stop);
    return drain;
  }

  /** How often each process was killed, and how often it ended by itself. */
  losses(): { kills: Record<string, number>; endedByItself: Record<string, number> } {
    const counted = (count: (service: KeptAlive) => number) =>
      Object.fromEntries(
        [...this.#running].map(([name, service]) => [name, count(service)]).filter(([, n]) => n !== 0),
      );
    return { kills: counted(({ kills }) => kills), endedByItself: counted(({ endedByItself }) => endedByItself) };
  }

  /** Kills everything for good and removes the folder, unless it is to be kept. May be called again. */
  async stop({ keepFolder = false } = {}): Promise<void> {
    this.#stopping = true;
    await Promise.all([...this.#running.values()].map((service) => service.stop()));
    this.#reaper.close();
    if (!keepFolder) await rm(this.folder, { recursive: true, force: true });
  }

  #updateReaper(): void {
    this.#reaper.watch([...this.#running.values()].flatMap(({ pid }) => pid ?? []));
  }
}
