/** What callers get while no worker runs, while Temporal is down, and while the gateway may not use it. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Client, Connection } from '@temporalio/client';
import { reservePort } from '../../../tools/test-bed/ports';
import { closeSafePlugin } from '../../../src/temporal/connection';
import { attestedRequest } from '../../support/requests';
import { TestStack } from '../../support/test-stack';
import { type Answer, getProblemKind, type TestGateway } from '../../support/test-gateway';

const TWO_SECONDS_MS = 2_000;

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'dev', simulator: true });
});
afterAll(() => stack?.close());

/**
 * Repeats a call until it is answered within two seconds. A busy machine may delay some answers; a deadline of ours that
 * is too long would delay all of them.
 */
async function callUntilPrompt(call: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    const answer = await call();
    if (answer.ms < TWO_SECONDS_MS) return answer;
    if (tries === 10) throw new Error(`Never within two seconds; the last answer took ${Math.round(answer.ms)} ms.`);
  }
}

describe('without a worker', () => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await stack.startGateway();
  });

  test('starting, repeating, reading and listing a deal take at most two seconds each', async () => {
    expect((await callUntilPrompt(() => gateway.post('/v1/onboardings', attestedRequest()))).status).toBe(202);

    const request = attestedRequest();
    const path = `/v1/onboardings/${request.dealId}`;
    const { acceptanceUrl } = (await gateway.post('/v1/onboardings', request)).body;
    expect(await callUntilPrompt(() => gateway.post('/v1/onboardings', request))).toMatchObject({
      status: 200,
      body: { acceptanceUrl, onboarding: { partial: true, status: 'creatingAttestation' } },
    });
    expect(await callUntilPrompt(() => gateway.get(path))).toMatchObject({
      status: 200,
      body: { partial: true, status: 'creatingAttestation', attempt: 1 },
    });
    expect(await callUntilPrompt(() => gateway.post(`${path}/link`))).toMatchObject({
      status: 200,
      body: { acceptanceUrl },
    });
    expect((await callUntilPrompt(() => gateway.get('/v1/onboardings'))).status).toBe(200);
  });

  test('an acceptance is stored, and counts as soon as a worker runs', async () => {
    const queue = stack.newTaskQueue();
    const other = await stack.startGateway({ taskQueue: queue });
    try {
      const request = attestedRequest();
      await stack.startWorker({ taskQueue: queue });
      const path = (await other.post('/v1/onboardings', request)).headers.get('location')!;
      const handle = stack.server.client.workflow.getHandle(`agreement-onboarding-${request.dealId}`);
      await stack.untilStatus(handle as never, 'awaitingAcceptance');
      await stack.stopWorkers();
      await stack.control.accept();

      expect(await callUntilPrompt(() => other.post(`${path}/acceptance`, { acceptanceId: 'A-1' }))).toMatchObject({
        status: 202,
        body: { stored: true, acceptanceId: 'A-1' },
      });
      const decline = await callUntilPrompt(() => other.post(`${path}/decline`, { code: 'other' }));
      expect([decline.status, getProblemKind(decline)]).toEqual([503, 'no-worker']);
      expect(decline.headers.get('retry-after')).toBe('5');
      const frame = await callUntilPrompt(() => other.post(`${path}/frame`));
      expect([frame.status, getProblemKind(frame)]).toEqual([503, 'no-worker']);
      const retry = await callUntilPrompt(() => other.post(`${path}/retry`));
      expect([retry.status, getProblemKind(retry)]).toEqual([409, 'needs-no-attention']);

      await stack.startWorker({ taskQueue: queue });
      await stack.untilStatus(handle as never, 'agreementCreated');
    } finally {
      await stack.stopWorkers();
    }
  });

  test('the gateway is ready, because it needs Temporal and no worker', async () => {
    expect(await gateway.get('/readyz', { key: '' })).toMatchObject({ status: 200, body: { status: 'ready' } });
  });
});

describe('without Temporal', () => {
  let silent: Server;
  const held = new Set<Socket>();
  let connections: Connection[];
  let gateways: TestGateway[];

  beforeAll(async () => {
    // One address where nothing listens, and one that accepts connections and never answers.
    silent = createServer((socket) => held.add(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const ports = [await reservePort(), (silent.address() as AddressInfo).port];
    connections = ports.map((port) => Connection.lazy({ address: `127.0.0.1:${port}`, plugins: [closeSafePlugin] }));
    gateways = await Promise.all(
      connections.map((connection) => stack.startGateway({ client: new Client({ connection }) })),
    );
  });
  afterAll(async () => {
    await Promise.all((gateways ?? []).map((gateway) => gateway.close()));
    await Promise.all((connections ?? []).map((connection) => connection.close()));
    for (const socket of held) socket.destroy();
    silent?.close();
  });

  test('every call is answered with 503 and Retry-After', async () => {
    const calls = [
      ['POST', '/v1/onboardings', attestedRequest()],
      ['GET', '/v1/onboardings/D-1', undefined],
      ['GET', '/v1/onboardings', undefined],
      ['POST', '/v1/onboardings/D-1/acceptance', {}],
      ['POST', '/v1/onboardings/D-1/decline', { code: 'other' }],
      ['POST', '/v1/onboardings/D-1/link', undefined],
      ['POST', '/v1/onboardings/D-1/cancel', undefined],
      ['POST', '/v1/onboardings/D-1/restart', undefined],
    ] as const;
    const answers = await Promise.all(
      gateways.flatMap((gateway) => calls.map(([method, path, body]) => gateway.send(method, path, body))),
    );

    for (const answer of answers) {
      expect([answer.status, ['temporal-unavailable', 'no-worker'].includes(getProblemKind(answer))]).toEqual([
        503,
        true,
      ]);
      expect(answer.headers.get('retry-after')).toBe('5');
      expect(answer.ms).toBeLessThan(10_000); // the limit of Salesforce
    }
  });

  test('the gateway is alive but not ready', async () => {
    for (const gateway of gateways) {
      expect((await gateway.get('/healthz', { key: '' })).status).toBe(200);
      expect(await gateway.get('/readyz', { key: '' })).toMatchObject({
        status: 503,
        body: { status: 'temporal-unavailable' },
      });
    }
  });
});

test('a namespace that does not exist is answered with 500, and only the log has the details', async () => {
  const client = new Client({ connection: stack.server.connection, namespace: 'no-such-namespace' });
  const gateway = await stack.startGateway({ client });
  for (const answer of [
    await gateway.post('/v1/onboardings', attestedRequest()),
    await gateway.get('/v1/onboardings/D-1'),
    await gateway.get('/v1/onboardings'),
  ]) {
    expect([answer.status, getProblemKind(answer)]).toEqual([500, 'internal']);
    expect(JSON.stringify(answer.body)).not.toContain('no-such-namespace');
    const { correlationId } = answer.body;
    expect(gateway.log).toContainEqual(expect.objectContaining({ level: 'error', correlationId }));
  }
});
