import { createHash, randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { Client } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import { type AcceptanceLinks, createAcceptanceLinks } from '../../src/onboarding/acceptance-link';
import { OnboardingClient } from '../../src/client/onboarding-client';
import { buildApp } from '../../src/gateway/app';
import type { GatewayDependencies } from '../../src/gateway/dependencies';
import { type LogEntry, recordLog } from './recorded-log';
import { findDeviation } from './api-description';

export const links: AcceptanceLinks = createAcceptanceLinks(
  [{ id: 'test', secret: randomBytes(32) }],
  'https://onboarding.example.com',
);

export const keys = { crm: 'crm-key-1', fabrikam: 'fabrikam-key-1', litware: 'litware-key-1' };

const sha256 = (key: string) => createHash('sha256').update(key).digest();

/** An answer, with its body read. */
export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
  ms: number;
}

export interface GatewayOptions extends Partial<GatewayDependencies> {
  /** Default: the stack's. */
  client?: Client;
  /** Default: the stack's. */
  taskQueue?: string;
}

/** The hash of an API key, as GATEWAY_API_KEYS has it. */
export function toApiKeyEntry(name: string, key: string): string {
  return `${name}:${sha256(key).toString('hex')}`;
}

/** A gateway in this process, on a port of its own; `TestStack` starts it. */
export class TestGateway {
  #closed: Promise<void> | undefined;

  private constructor(
    readonly app: FastifyInstance,
    readonly url: string,
    readonly log: readonly LogEntry[],
  ) {}

  static async start(client: Client, taskQueue: string, options: Partial<GatewayDependencies>): Promise<TestGateway> {
    const { log, entries } = recordLog();
    const app = buildApp({
      onboardings: new OnboardingClient(client, taskQueue),
      links,
      apiKeys: [
        { name: 'crm', sha256: sha256(keys.crm) },
        { name: 'fabrikam-erp', resellerId: 'fabrikam', sha256: sha256(keys.fabrikam) },
        { name: 'litware-erp', resellerId: 'litware', sha256: sha256(keys.litware) },
      ],
      microsoftPageUrl: 'http://127.0.0.1:4010/mca/',
      log,
      ...options,
    });
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    return new TestGateway(app, `http://127.0.0.1:${port}`, entries);
  }

  /** May be called twice. */
  close(): Promise<void> {
    return (this.#closed ??= this.app.close().then(() => undefined));
  }

  get(path: string, options: { key?: string } = {}): Promise<Answer> {
    return this.send('GET', path, undefined, options);
  }

  post(path: string, body?: unknown, options: { key?: string } = {}): Promise<Answer> {
    return this.send('POST', path, body, options);
  }

  /** Makes one call and checks its answer against the API's description. */
  async send(
    method: string,
    path: string,
    body: unknown,
    { key = keys.crm, headers = {} }: { key?: string; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const startedAt = performance.now();
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(key !== '' && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    const answered = (isJson ? JSON.parse(text) : { text }) as Record<string, unknown>;
    const fault = findDeviation(this.app, { method, path, status: response.status, body: answered });
    if (fault !== undefined) throw new Error(fault);
    return {
      status: response.status,
      headers: response.headers,
      body: answered,
      ms: performance.now() - startedAt,
    };
  }
}

/** The last part of a problem's `type`. */
export function getProblemKind({ body }: Answer): string {
  return String(body['type']).replace('urn:agreement-onboarding:problem:', '');
}
