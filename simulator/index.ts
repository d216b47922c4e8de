/** A stand-in for Partner Center, Entra's token endpoint, the embedded agreement page and a CRM, over real HTTP. */
import type { AddressInfo } from 'node:net';
import { buildSimulator } from './app';
import { readState, StateFile } from './state-file';
import type { SwitchesPatch } from './switches';
import { World, type Credentials } from './world';

export type { Switches, SwitchesPatch } from './switches';
export type { JournalEntry } from './journal';
export type { Credentials } from './world';

export interface SimulatorOptions {
  /** Default 127.0.0.1. */
  host?: string;
  /** 0, the default, takes any free port. */
  port?: number;
  /** Where the simulator's knowledge outlives a restart; without it, it does not. */
  stateFile?: string;
  tenantId?: string;
  clientId?: string;
  clientSecret?: string;
  switches?: SwitchesPatch;
}

export interface Simulator {
  /** Without a trailing slash. */
  url: string;
  credentials: Credentials;
  /** Cuts every connection and writes the state; safe to call twice. */
  close(): Promise<void>;
}

export const demoCredentials: Credentials = {
  tenantId: '5a1e0c7e-0000-4000-8000-00000000c59a',
  clientId: '5a1e0c7e-0000-4000-8000-00000000a99d',
  clientSecret: 'simulator-demo-secret',
};

/** Resolves once the simulator listens; rejects when the port is taken or the state file is none of its own. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const credentials: Credentials = {
    tenantId: options.tenantId ?? demoCredentials.tenantId,
    clientId: options.clientId ?? demoCredentials.clientId,
    clientSecret: options.clientSecret ?? demoCredentials.clientSecret,
  };
  const world = new World(credentials, options.switches);
  const stateFile = await attachStateFile(world, options.stateFile);
  const closing = new AbortController();
  const app = buildSimulator(world, closing.signal);
  const host = options.host ?? '127.0.0.1';
  await app.listen({ host, port: options.port ?? 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    credentials,
    async close() {
      closing.abort();
      await app.close();
      await stateFile?.flush();
    },
  };
}

async function attachStateFile(world: World, path: string | undefined): Promise<StateFile | undefined> {
  if (path === undefined) return undefined;
  const state = await readState(path);
  if (state) world.restore(state);
  const stateFile = new StateFile(path, () => world.toState());
  world.onChange = () => stateFile.schedule();
  return stateFile;
}
