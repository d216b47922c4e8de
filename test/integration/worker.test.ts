/** The worker process and setup:namespace, from the outside: exit codes, log, health, metrics. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { reservePort } from '../../tools/test-bed/ports';
import { readRetentionDays, findSearchAttributeFaults } from '../../src/temporal/namespace';
import { searchAttributeKeys } from '../../src/temporal/search-attributes';
import { BuiltProcess, type Environment } from '../support/built-process';
import { TestStack } from '../support/test-stack';

const FRESH_NAMESPACE = 'fresh';
const attributeNames = searchAttributeKeys.map(({ name }) => name);

let stack: TestStack;
let environment: Environment;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'dev', serverOptions: { searchAttributes: [] } });
  environment = {
    ...stack.environment,
    PARTNER_CENTER_BASE_URL: 'http://127.0.0.1:9', // never called: these workers get no work
    PARTNER_CENTER_TENANT_ID: 'partner.example',
    PARTNER_CENTER_CLIENT_ID: '5a1e0c7e-0000-4000-8000-00000000a99d',
    PARTNER_CENTER_CLIENT_SECRET: 'a-secret-of-this-test',
  };
});
afterEach(() => stack.stopProcesses());
afterAll(() => stack?.close());

/** The message of the only log line of a worker that fails to start. */
async function expectFailedStart(changes: Environment): Promise<string> {
  const { code, stdout, stderr } = await BuiltProcess.start('worker', { ...environment, ...changes }).ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  const lines = stderr.trim().split('\n');
  expect(lines).toHaveLength(1);
  const { level, message } = JSON.parse(lines[0]!) as { level: string; message: string };
  expect(level).toBe('error');
  return message;
}

async function getStatus(url: string): Promise<number> {
  const response = await fetch(url);
  await response.text();
  return response.status;
}

test('a namespace without the search attributes stops the worker, which names them and the command that adds them', async () => {
  const message = await expectFailedStart({});

  for (const name of attributeNames) expect(message).toContain(`search attribute ${name} (`);
  expect(message).toContain('npm run setup:namespace');
});

test('an invalid configuration is reported with all its faults and no value', async () => {
  const message = await expectFailedStart({
    PARTNER_CENTER_TENANT_ID: '',
    PARTNER_CENTER_CLIENT_ID: 'not-a-guid',
    PARTNER_CENTER_CLIENT_SECRET: '',
    PARTNER_CENTER_TIMEOUT_SECONDS: '600',
    LOG_LEVEL: 'loud',
    METRICS_ADDRESS: 'nowhere',
  });

  const named = [...message.matchAll(/^ {2}- (\w+) /gm)].map(([, name]) => name);
  expect(new Set(named)).toEqual(
    new Set([
      'LOG_LEVEL',
      'METRICS_ADDRESS',
      'PARTNER_CENTER_CLIENT_ID',
      'PARTNER_CENTER_CLIENT_SECRET',
      'PARTNER_CENTER_TENANT_ID',
      'PARTNER_CENTER_TIMEOUT_SECONDS',
    ]),
  );
  expect(message).not.toContain('not-a-guid');
});

test('a Temporal that does not answer stops the worker, which names the address and the fix', async () => {
  const address = `127.0.0.1:${await reservePort()}`;

  const message = await expectFailedStart({ TEMPORAL_ADDRESS: address });

  expect(message).toContain(`Temporal does not answer at ${address}`);
  expect(message).toContain('TEMPORAL_ADDRESS');
});

/** What setup:namespace prints for this namespace. */
async function setUpNamespace(namespace: string): Promise<string> {
  const { code, stdout, stderr } = await BuiltProcess.start('setup-namespace', {
    TEMPORAL_ADDRESS: stack.server.address,
    TEMPORAL_NAMESPACE: namespace,
  }).ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

describe('setup:namespace', () => {
  test('creates a namespace for onboardings, and changes nothing the next time', async () => {
    const first = await setUpNamespace(FRESH_NAMESPACE);
    expect(first).toContain('namespace fresh at');
    expect(first).toContain('created');
    expect(first).toContain(`search attributes registered: ${attributeNames.join(', ')}`);
    expect(await findSearchAttributeFaults(stack.server.connection, FRESH_NAMESPACE)).toEqual([]);
    expect(await readRetentionDays(stack.server.connection, FRESH_NAMESPACE)).toBe(90);

    expect(await setUpNamespace(FRESH_NAMESPACE)).toMatch(/kept\nsearch attributes: all registered\n$/);
  });

  test('lengthens the retention of an existing namespace', async () => {
    expect(await readRetentionDays(stack.server.connection, 'default')).toBeLessThan(90);

    expect(await setUpNamespace('default')).toContain('lengthened');

    expect(await readRetentionDays(stack.server.connection, 'default')).toBe(90);
    expect(await findSearchAttributeFaults(stack.server.connection, 'default')).toEqual([]);
  });

  test('names the address at which Temporal does not answer', async () => {
    const address = `127.0.0.1:${await reservePort()}`;

    const { code, stderr } = await BuiltProcess.start('setup-namespace', { TEMPORAL_ADDRESS: address }).ended;

    expect(code).toBe(1);
    expect(stderr).toContain(`Temporal does not answer at ${address}`);
  });
});

describe('in a namespace that is set up', () => {
  const NAMESPACE = 'ready';
  let ready: Environment;

  beforeAll(async () => {
    ready = { ...environment, TEMPORAL_NAMESPACE: NAMESPACE };
    await setUpNamespace(NAMESPACE);
  });

  test('a worker reports that it is healthy and ready, serves metrics, and exits with 0 at SIGTERM', async () => {
    const metrics = `127.0.0.1:${await reservePort()}`;
    const worker = await stack.startWorkerProcess({
      ...ready,
      WORKER_HEALTH_ADDRESS: '127.0.0.1:0',
      METRICS_ADDRESS: metrics,
    });
    const { health } = worker;

    expect(await getStatus(`${health}/healthz`)).toBe(200);
    expect(await getStatus(`${health}/readyz`)).toBe(200);
    expect(await getStatus(`${health}/elsewhere`)).toBe(404);
    const scraped = await fetch(`http://${metrics}/metrics`);
    expect(scraped.headers.get('content-type')).toContain('text/plain');
    expect(await scraped.text()).toMatch(/^# TYPE temporal_\w+ (counter|gauge|histogram)$/m);

    expect(await worker.kill('SIGTERM')).toMatchObject({ code: 0, signal: null, stdout: '' });
  });

  test.each(['WORKER_HEALTH_ADDRESS', 'METRICS_ADDRESS'])(
    'a %s that is in use stops the worker, which names it',
    async (name) => {
      const holder = createServer().listen(0, '127.0.0.1');
      await once(holder, 'listening');
      const { port } = holder.address() as AddressInfo;
      try {
        const message = await expectFailedStart({ ...ready, [name]: `127.0.0.1:${port}` });
        expect(message).toContain(name);
        expect(message).toContain(String(port));
      } finally {
        holder.close();
      }
    },
  );
});
