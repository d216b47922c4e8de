/** The gateway process, from the outside: exit codes, log, health and metrics. */
import { once } from 'node:events';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { reservePort } from '../../../tools/test-bed/ports';
import { attestedRequest } from '../../support/requests';
import { keys } from '../../support/test-gateway';
import { TestStack } from '../../support/test-stack';
import { BuiltProcess, type Environment } from '../../support/built-process';

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'dev', simulator: true });
});
afterEach(() => stack.stopProcesses());
afterAll(() => stack?.close());

async function expectFailedStart(changes: Environment): Promise<string> {
  const { code, stdout, stderr } = await BuiltProcess.start('gateway', { ...stack.gatewayEnvironment, ...changes })
    .ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  const [line, ...rest] = stderr.trim().split('\n');
  expect(rest).toEqual([]);
  return (JSON.parse(line!) as { message: string }).message;
}

test('it serves the API, the page and metrics, and drains at SIGTERM', async () => {
  const gateway = await stack.startGatewayProcess();
  const { url } = gateway;
  const get = async (path: string) => {
    const response = await fetch(`${url}${path}`);
    return { status: response.status, text: await response.text() };
  };

  expect((await get('/healthz')).status).toBe(200);
  expect((await get('/readyz')).status).toBe(200);
  const request = attestedRequest();
  const started = await fetch(`${url}/v1/onboardings`, {
    method: 'POST',
    headers: { 'x-api-key': keys.crm, 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  expect(started.status).toBe(202);
  const { acceptanceUrl } = (await started.json()) as { acceptanceUrl: string };
  const page = await get(new URL(acceptanceUrl).pathname);
  expect([page.status, page.text.slice(0, 15)]).toEqual([200, '<!doctype html>']);
  expect((await get('/accept/no-such-token')).status).toBe(404);
  const metrics = await get('/metrics');
  expect(metrics.text).toContain(
    'gateway_request_duration_seconds_count{method="POST",route="/v1/onboardings",status="202"} 1',
  );
  expect(metrics.text).toContain('route="/accept/:token",status="200"');
  expect(metrics.text).not.toContain(request.dealId);

  const { code, stdout, stderr } = await gateway.kill('SIGTERM');
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(stderr).toContain('Gateway drained');
  expect(stderr).not.toContain(new URL(acceptanceUrl).pathname);
  for (const secret of [keys.crm, 'Smith', 'Contoso']) expect(stderr).not.toContain(secret);
});

test('an invalid configuration is reported with all its faults and no value', async () => {
  const message = await expectFailedStart({
    GATEWAY_API_KEYS: 'crm:the-key',
    ACCEPTANCE_LINK_KEYS: '',
    GATEWAY_PORT: 'x',
  });

  for (const name of ['GATEWAY_API_KEYS', 'ACCEPTANCE_LINK_KEYS', 'GATEWAY_PORT']) expect(message).toContain(name);
  expect(message).not.toContain('the-key');
});

test.each(['GATEWAY_PORT', 'GATEWAY_METRICS_ADDRESS'])('a %s that is in use is named', async (variable) => {
  const { host, port } = new URL(stack.simulator.url);
  const message = await expectFailedStart({ [variable]: variable === 'GATEWAY_PORT' ? port : host });
  expect(message).toContain(variable);
  expect(message).toContain(port);
});

test('settings for Temporal that can never work end the process at once', async () => {
  expect(await expectFailedStart({ TEMPORAL_ADDRESS: 'temporal:7233:7233' })).toContain('TEMPORAL_ADDRESS');
  const tls = { TEMPORAL_TLS_CLIENT_CERT_DATA: 'no certificate', TEMPORAL_TLS_CLIENT_KEY_DATA: 'the-private-key' };
  const message = await expectFailedStart(tls);
  expect(message).toContain('TEMPORAL_TLS_*');
  expect(message).not.toContain('the-private-key');
});

test('a Temporal that denies access ends the process at once and the log names the fix', async () => {
  // Answers as Temporal Cloud does for a wrong key; the dev server accepts everybody.
  const denying = createServer().listen(0, '127.0.0.1');
  denying.on('stream', (stream) => {
    const denied = { 'grpc-status': '16', 'grpc-message': 'Request unauthorized.' };
    stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...denied }, { endStream: true });
  });
  await once(denying, 'listening');
  const { port } = denying.address() as AddressInfo;
  try {
    const message = await expectFailedStart({ TEMPORAL_ADDRESS: `127.0.0.1:${port}` });
    expect(message).toContain('Temporal denies access to namespace default: check TEMPORAL_API_KEY');
  } finally {
    denying.close();
  }
});

test('without Temporal it runs, is not ready and answers 503 with Retry-After; it serves as soon as Temporal does', async () => {
  const port = await reservePort();
  const gateway = await stack.startGatewayProcess({ TEMPORAL_ADDRESS: `127.0.0.1:${port}` });
  const { url } = gateway;
  const start = () =>
    fetch(`${url}/v1/onboardings`, {
      method: 'POST',
      headers: { 'x-api-key': keys.crm, 'content-type': 'application/json' },
      body: JSON.stringify(attestedRequest()),
    });
  await gateway.waitForLogEntry('Temporal is unavailable: the gateway is not ready');
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const readiness = await fetch(`${url}/readyz`);
  expect([readiness.status, await readiness.json()]).toEqual([503, { status: 'temporal-unavailable' }]);
  const refused = await start();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
  expect(((await refused.json()) as { type: string }).type).toMatch(/:temporal-unavailable$/);

  const temporal = await TestStack.start({ server: 'dev', serverOptions: { port } });
  try {
    await gateway.waitForLogEntry('Temporal is available: the gateway is ready');
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect((await start()).status).toBe(202);
    expect((await gateway.kill('SIGTERM')).code).toBe(0);
  } finally {
    await temporal.close();
  }
});

test('metrics with their own address are served only there', async () => {
  const gateway = await stack.startGatewayProcess({ GATEWAY_METRICS_ADDRESS: '127.0.0.1:0' });
  const { url, metrics } = gateway;
  expect((await fetch(`${url}/metrics`)).status).toBe(404);

  const answer = await fetch(`${metrics}/metrics`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ]);
  expect(await answer.text()).toContain(
    'gateway_request_duration_seconds_count{method="GET",route="none",status="404"} 1',
  );
  expect((await fetch(`${metrics}/v1/onboardings`)).status).toBe(404);
  expect((await gateway.kill('SIGTERM')).code).toBe(0);
});
