/**
 * A simulated Partner Center, Entra token endpoint, Microsoft page and CRM, over real HTTP.
 *
 * `server.ts` defines every route. A call is written to the journal, is affected by a fault if one applies, and is answered
 * by the handler of its service (`entra`, `attestations`, `agreements`, `agreement-reads`, `audit-log`, `microsoft-page`,
 * `crm-receiver`). Handlers work on one `Simulation`; tests change it through the routes in `control.ts`.
 */
import type { AddressInfo } from 'node:net';
import { buildServer } from './server';
import { type Credentials, Simulation } from './simulation';
import { attachStateFile } from './state-file';
import type { SwitchesPatch } from './switches';

export type { JournalEntry } from './journal';

export interface SimulatorOptions {
  /** Default 127.0.0.1. */
  host?: string;
  /** 0, the default, takes any free port. */
  port?: number;
  /** Keeps the state across restarts; without it the state is only in memory. */
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
  /** Closes every connection and writes the state; may be called twice. */
  close(): Promise<void>;
}

export const demoCredentials: Credentials = {
  tenantId: '5a1e0c7e-0000-4000-8000-00000000c59a',
  clientId: '5a1e0c7e-0000-4000-8000-00000000a99d',
  clientSecret: 'simulator-demo-secret',
};

/** Resolves once the simulator listens; rejects when the port is in use or the state file is invalid. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const credentials: Credentials = {
    tenantId: options.tenantId ?? demoCredentials.tenantId,
    clientId: options.clientId ?? demoCredentials.clientId,
    clientSecret: options.clientSecret ?? demoCredentials.clientSecret,
  };
  const simulation = new Simulation(credentials, options.switches);
  const stateFile = options.stateFile === undefined ? undefined : await attachStateFile(simulation, options.stateFile);
  const closing = new AbortController();
  const server = buildServer(simulation, closing.signal);
  const host = options.host ?? '127.0.0.1';
  await server.listen({ host, port: options.port ?? 0 });
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    credentials,
    async close() {
      closing.abort();
      await server.close();
      await stateFile?.flush();
    },
  };
}
