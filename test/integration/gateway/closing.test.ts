/** How a gateway closes while it is being called. */
import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { WorkflowNotFoundError } from '@temporalio/client';
import { eventually } from '../../support/eventually';
import { attestedRequest } from '../../support/requests';
import { TestStack } from '../../support/test-stack';
import { keys } from '../../support/test-gateway';

/** `broken`: the connection ended before the whole answer was there. */
interface Outcome {
  status?: number;
  answer?: string;
  broken?: string;
}

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'dev', simulator: true });
});
afterEach(() => stack.stopProcesses());
afterAll(() => stack?.close());

/** One start over `agent`: its status and whole body, or the code of the error with which the connection ended. */
function startOver(agent: Agent, url: string, key: string, deal = attestedRequest()): Promise<Outcome> {
  const body = JSON.stringify(deal);
  return new Promise((resolve) => {
    const call = httpRequest(
      `${url}/v1/onboardings`,
      {
        method: 'POST',
        agent,
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
      },
      (response) => {
        text(response).then(
          (answer) => resolve({ status: response.statusCode!, answer }),
          (error: NodeJS.ErrnoException) =>
            resolve({ status: response.statusCode!, broken: error.code ?? error.message }),
        );
      },
    );
    call.on('error', (error: NodeJS.ErrnoException) => resolve({ broken: error.code ?? error.message }));
    call.end(body);
  });
}

test('close answers every request that has arrived and does not wait for idle connections', async () => {
  const gateway = await stack.startGateway();
  const agent = new Agent({ keepAlive: true });
  await Promise.all(Array.from({ length: 20 }, () => startOver(agent, gateway.url, keys.crm))); // 20 connections, now idle

  const inFlight = Array.from({ length: 20 }, () => startOver(agent, gateway.url, keys.crm));
  await eventually(() => gateway.log.length >= 21, {
    what: 'the gateway to start answering the requests',
    intervalMs: 1,
  });
  const startedAt = performance.now();
  const [, ...outcomes] = await Promise.all([gateway.close(), ...inFlight]);

  expect(outcomes.map(({ status }) => status)).toEqual(inFlight.map(() => 202));
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  agent.destroy();
});

test('close disconnects a client that never finishes its request', async () => {
  const gateway = await stack.startGateway();
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

test('a process that gets SIGTERM under load answers every request that it has started, and every deal that it accepted exists', async () => {
  const gateway = await stack.startGatewayProcess({ GATEWAY_REQUESTS_PER_MINUTE: '1000000' });
  const agent = new Agent({ keepAlive: true });
  const outcomes = new Map<string, Outcome>();
  /** Starts deal after deal until the connection is refused. */
  const startDealsUntilRefused = async () => {
    for (;;) {
      const deal = attestedRequest();
      const outcome = await startOver(agent, gateway.url, keys.crm, deal);
      outcomes.set(deal.dealId, outcome);
      if (outcome.broken === 'ECONNREFUSED') return;
    }
  };
  const callers = Array.from({ length: 30 }, startDealsUntilRefused);
  await eventually(() => outcomes.size >= 100, { what: '100 outcomes', intervalMs: 1 });
  const { code } = await gateway.kill('SIGTERM');
  await Promise.all(callers);
  agent.destroy();

  expect(code).toBe(0);
  let answered = 0;
  for (const [dealId, { status, answer, broken }] of outcomes) {
    // Temporal did not answer in time: the outcome is unknown, and the caller is asked to repeat it.
    if (status === 503) continue;
    const exists = await isKnown(dealId);
    // A call that arrives while its connection is being closed is not started, and the caller may send it again.
    expect({ exists, status, broken }).toEqual(
      broken === undefined ? { exists: true, status: 202, broken } : { exists: false, status: undefined, broken },
    );
    if (answer === undefined) continue;
    expect((JSON.parse(answer) as { id: string }).id).toBe(dealId);
    answered += 1;
  }
  expect(answered).toBeGreaterThan(0);
});

async function isKnown(dealId: string): Promise<boolean> {
  const handle = stack.server.client.workflow.getHandle(`agreement-onboarding-${dealId}`);
  return handle.describe().then(
    () => true,
    (error: unknown) => {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    },
  );
}
