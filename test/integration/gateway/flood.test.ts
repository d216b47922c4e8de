/** A gateway process under overload, and with clients that break the rules of HTTP. */
import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { attestedRequest } from '../../support/requests';
import type { StartedProcess } from '../../support/built-process';
import { toApiKeyEntry } from '../../support/test-gateway';
import { TestStack } from '../../support/test-stack';
import { misbehave, type Misbehaving, misbehaviours } from './broken-clients';

const ROUNDS = 3;
const CONNECTIONS = 50; // of each flood
const BROKEN_CLIENTS = 10; // of each kind in each round
const HANGS_MS = 60_000; // far above every deadline of the gateway: after that no answer will come
const MAX_MEMORY_MB = 250; // about 150, of which 115 are there before the first call
const MAX_GROWTH_MB = 40; // between two equal rounds: garbage that is not collected yet

const keys = { healthy: 'the-healthy-key', flooding: 'the-flooding-key' };
const run = promisify(execFile);

let stack: TestStack;
let gateway: StartedProcess;
let url: string;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'dev', worker: true });
  gateway = await stack.startGatewayProcess({
    GATEWAY_API_KEYS: Object.entries(keys)
      .map(([name, key]) => toApiKeyEntry(name, key))
      .join(','),
    // Otherwise garbage is collected late, and the measurements are meaningless.
    NODE_OPTIONS: '--max-old-space-size=96',
    GATEWAY_REQUESTS_PER_MINUTE: '1000000', // every call with a key must reach Temporal
  });
  url = gateway.url;
});
afterAll(() => stack?.close());

async function memoryMb(): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\d+)$/m.exec(metrics)![1]) / 1_048_576;
}

/** Makes this many calls from a separate process and returns the statuses. Every call must be answered. */
async function flood(requests: number, path: string, key: string, body?: object): Promise<number[]> {
  const { stdout } = await run(process.execPath, [
    require.resolve('autocannon'),
    '--json',
    '--no-progress',
    `--amount=${requests}`,
    `--connections=${CONNECTIONS}`,
    `--timeout=${HANGS_MS / 1000}`,
    `--headers=x-api-key=${key}`,
    '--headers=content-type=application/json',
    ...(body === undefined ? [] : ['--method=POST', `--body=${JSON.stringify(body)}`]),
    `${url}${path}`,
  ]);
  const { statusCodeStats, errors, timeouts } = JSON.parse(stdout) as {
    statusCodeStats: Record<string, { count: number }>;
    errors: number;
    timeouts: number;
  };
  const answers = Object.values(statusCodeStats).reduce((sum, { count }) => sum + count, 0);
  expect({ answers, errors, timeouts }).toEqual({ answers: requests, errors: 0, timeouts: 0 });
  return Object.keys(statusCodeStats).map(Number);
}

/** What a CRM does, repeatedly until `stop`; returns how many calls it made. Each must be answered. */
async function healthyCalls(stop: AbortSignal): Promise<number> {
  let calls = 0;
  const call = async (method: string, path: string, body?: object): Promise<number> => {
    for (;;) {
      const answer = await fetch(`${url}${path}`, {
        method,
        headers: { 'x-api-key': keys.healthy, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(HANGS_MS),
      });
      await answer.json();
      calls += 1;
      if (answer.status !== 503) return answer.status;
      await pause(Number(answer.headers.get('retry-after')) * 1_000); // documented: Temporal is overloaded too
    }
  };
  while (!stop.aborted) {
    const request = attestedRequest();
    const path = `/v1/onboardings/${request.dealId}`;
    expect([200, 202]).toContain(await call('POST', '/v1/onboardings', request)); // 200: started by a call that got a 503
    expect(await call('GET', path)).toBe(200);
    expect(await call('GET', '/v1/onboardings?pageSize=5')).toBe(200);
    expect(await call('GET', `${path}-unknown`)).toBe(404);
    expect(await call('POST', '/v1/onboardings', {})).toBe(400);
    expect(await call('GET', '/healthz')).toBe(200);
    await pause(100);
  }
  return calls;
}

test('overload and broken clients affect neither other callers nor the process', async () => {
  const port = Number(new URL(url).port);
  const known = attestedRequest();
  const cuts: Promise<{ kind: Misbehaving; status: number | undefined }>[] = [];
  const memory: number[] = [];
  const stop = new AbortController();
  const healthy = healthyCalls(stop.signal);
  try {
    for (let round = 1; round <= ROUNDS; round += 1) {
      for (const kind of Object.keys(misbehaviours) as Misbehaving[]) {
        const clients = Array.from({ length: BROKEN_CLIENTS }, () => misbehave(kind, port, keys.healthy));
        cuts.push(...clients.map(async (client) => ({ kind, status: await client })));
      }
      const [started, unauthenticated, strangers] = await Promise.all([
        flood(400, '/v1/onboardings', keys.flooding, known),
        flood(1_500, '/v1/onboardings/D-1', 'no-such-key'),
        flood(1_500, '/accept/no-such-link', ''),
      ]);
      expect([200, 202, 503]).toEqual(expect.arrayContaining(started)); // 503: more than Temporal has time for
      expect([401, 429]).toEqual(expect.arrayContaining(unauthenticated));
      expect([404, 429]).toEqual(expect.arrayContaining(strangers));
      memory.push(await memoryMb());
    }
  } finally {
    stop.abort();
    await Promise.allSettled([healthy]);
  }

  expect(await healthy).toBeGreaterThan(ROUNDS);
  for (const { kind, status } of await Promise.all(cuts)) {
    expect({ kind, isExpected: misbehaviours[kind].statuses.includes(status as never), status }).toEqual({
      kind,
      isExpected: true,
      status,
    });
  }
  expect(Math.max(...memory)).toBeLessThan(MAX_MEMORY_MB);
  expect(memory.at(-1)! - memory.at(-2)!).toBeLessThan(MAX_GROWTH_MB);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect((await gateway.kill('SIGTERM')).code).toBe(0);
}, 240_000);
