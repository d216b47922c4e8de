/** The end of a gateway while it is used. */
import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { attestedRequest } from '../../support/requests';
import { Stage } from '../../support/stage';
import { keys, TestGateway } from './gateway-stage';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.devServer();
});
afterAll(() => stage?.close());

/** One start over `agent`: its status, or the code of the error with which the connection ended. */
function startOver(agent: Agent, url: string): Promise<number | string> {
  const body = JSON.stringify(attestedRequest());
  return new Promise((resolve) => {
    const call = httpRequest(
      `${url}/v1/onboardings`,
      {
        method: 'POST',
        agent,
        headers: {
          authorization: `Bearer ${keys.crm}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
      },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode!));
        response.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      },
    );
    call.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    call.end(body);
  });
}

test('close answers every request that has arrived, over connections kept alive too, and does not wait for idle ones', async () => {
  const gateway = await TestGateway.open(stage.env.client, stage.newTaskQueue());
  const agent = new Agent({ keepAlive: true });
  await Promise.all(Array.from({ length: 20 }, () => startOver(agent, gateway.url))); // 20 connections, now idle

  const inFlight = Array.from({ length: 20 }, () => startOver(agent, gateway.url));
  while (gateway.log.length < 21) await pause(1); // the gateway is in the middle of them
  const startedAt = performance.now();
  const [, ...statuses] = await Promise.all([gateway.close(), ...inFlight]);

  expect(statuses).toEqual(inFlight.map(() => 202));
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  agent.destroy();
});

test('close cuts off a client that never finishes its request', async () => {
  const gateway = await TestGateway.open(stage.env.client, stage.newTaskQueue());
  const { port } = new URL(gateway.url);
  const socket = connect(Number(port), '127.0.0.1');
  const cut = new Promise((resolve) => socket.on('close', resolve));
  socket.on('error', () => undefined).resume();
  socket.write(
    `POST /v1/onboardings HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${keys.crm}\r\n` +
      'content-type: application/json\r\ncontent-length: 100\r\nexpect: 100-continue\r\n\r\n{',
  );
  await new Promise((resolve) => socket.once('data', resolve)); // the gateway says: continue

  const startedAt = performance.now();
  await gateway.close();
  await cut;

  expect(performance.now() - startedAt).toBeLessThan(9_500);
});
