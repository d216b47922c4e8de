import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createPartnerCenter, type PartnerCenter, type PartnerCenterSettings } from '../../src/partner-center';

interface ReceivedRequest {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export type Answer = (request: ReceivedRequest, response: ServerResponse) => void;

export interface TestServer {
  url: string;
  /** In the order of their arrival, bodies complete. */
  requests: ReceivedRequest[];
  connections: number;
  /** What the next requests are answered with; the last one stays. */
  answer(...answers: Answer[]): void;
  /** Resolves when that many requests have arrived. */
  waitForRequests(count: number): Promise<void>;
  close(): Promise<void>;
}

/** A real HTTP server on a free port, whose answers are set test by test. */
export async function startServer(): Promise<TestServer> {
  let answers: Answer[] = [];
  const sockets = new Set<Socket>();
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const seen = { method, url, headers, body: Buffer.concat(chunks).toString() };
      test.requests.push(seen);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer) answer(seen, response);
      else response.writeHead(500).end();
      for (const check of waiting) check();
    });
  });
  server.on('connection', (socket) => {
    test.connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const test: TestServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    connections: 0,
    answer(...next) {
      answers = next;
    },
    waitForRequests(count) {
      return new Promise((resolve) => {
        const check = () => {
          if (test.requests.length < count) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      });
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return test;
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return text(status, JSON.stringify(body), { 'content-type': 'application/json', ...headers });
}

export function text(status: number, body: string, headers: Record<string, string> = {}): Answer {
  return (_request, response) => {
    response.writeHead(status, headers).end(body);
  };
}

/** Takes the request and never answers. */
export const neverAnswer: Answer = () => {};

/** Ends the connection instead of answering. */
export const resetConnection: Answer = (_request, response) => {
  response.socket?.resetAndDestroy();
};

/** Entra's answer to a good login: `token-1`, `token-2`, … */
export function issueTokens(options: { expiresIn?: number } = {}): Answer {
  let issued = 0;
  return (request, response) => {
    issued += 1;
    const body = { token_type: 'Bearer', expires_in: options.expiresIn ?? 3599, access_token: `token-${issued}` };
    json(200, body)(request, response);
  };
}

export interface ClientTestBed {
  entra: TestServer;
  api: TestServer;
  partnerCenter: PartnerCenter;
  settings: PartnerCenterSettings;
  close(): Promise<void>;
}

/** A Partner Center client with two servers of its own: one for tokens, which issues them, and one for Partner Center. */
export async function startClientTestBed(overrides: Partial<PartnerCenterSettings> = {}): Promise<ClientTestBed> {
  const [entra, api] = await Promise.all([startServer(), startServer()]);
  entra.answer(issueTokens());
  const settings = { ...settingsFor(entra, api), ...overrides };
  const partnerCenter = createPartnerCenter(settings);
  return {
    entra,
    api,
    settings,
    partnerCenter,
    async close() {
      partnerCenter.close();
      await Promise.all([entra.close(), api.close()]);
    },
  };
}

function settingsFor(entra: { url: string }, api: { url: string }): PartnerCenterSettings {
  return {
    baseUrl: api.url,
    apiVersion: 'v1',
    timeoutMs: 5_000,
    credentials: {
      tenantId: '11111111-aaaa-4bbb-8ccc-000000000001',
      clientId: '22222222-aaaa-4bbb-8ccc-000000000002',
      clientSecret: 'open~Sesame.8',
      scope: 'https://api.partnercenter.microsoft.com/.default',
      tokenEndpoint: `${entra.url}/token`,
    },
  };
}

/** What a promise rejects with; fails the test when it does not. */
export async function expectRejection<T extends Error>(
  promise: Promise<unknown>,
  type: new (...args: never[]) => T,
): Promise<T> {
  const outcome = await promise.then(
    () => 'no rejection',
    (error: unknown) => error,
  );
  if (outcome instanceof type) return outcome;
  throw new Error(`expected a ${type.name}, got ${String(outcome)}`);
}
