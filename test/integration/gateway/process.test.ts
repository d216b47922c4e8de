/** The gateway as a process of its own, from the outside. */
import { createHash, randomBytes } from 'node:crypto';
import { attestedRequest } from '../../support/requests';
import { Stage } from '../../support/stage';
import { BuiltProcess, type Environment, freePort } from '../worker-process';

let stage: Stage;
let environment: Environment;

beforeAll(async () => {
  stage = await Stage.devServer();
  environment = {
    TEMPORAL_ADDRESS: stage.env.address,
    TEMPORAL_TASK_QUEUE: stage.newTaskQueue(),
    GATEWAY_PORT: '0',
    GATEWAY_API_KEYS: `crm:${createHash('sha256').update('the-key').digest('hex')}`,
    ACCEPTANCE_LINK_KEYS: `k1:${randomBytes(32).toString('base64')}`,
  };
});
afterEach(() => BuiltProcess.killAll());
afterAll(() => stage?.close());

async function givesUp(changes: Environment): Promise<string> {
  const { code, stdout, stderr } = await BuiltProcess.start('gateway', { ...environment, ...changes }).ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  const [line, ...rest] = stderr.trim().split('\n');
  expect(rest).toEqual([]);
  return (JSON.parse(line!) as { message: string }).message;
}

test('it starts, serves, counts, shows the page, and drains when it is told to', async () => {
  const gateway = BuiltProcess.start('gateway', environment);
  const { url } = (await gateway.entry('Gateway started')) as unknown as { url: string };
  const get = async (path: string) => {
    const response = await fetch(`${url}${path}`);
    return { status: response.status, text: await response.text() };
  };

  expect((await get('/healthz')).status).toBe(200);
  expect((await get('/readyz')).status).toBe(200);
  const request = attestedRequest();
  const started = await fetch(`${url}/v1/onboardings`, {
    method: 'POST',
    headers: { 'x-api-key': 'the-key', 'content-type': 'application/json' },
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
  expect(stderr).not.toMatch(/the-key|Smith|Contoso/);
});

test('a configuration that is not complete is told with every fault at once and no value', async () => {
  const message = await givesUp({ GATEWAY_API_KEYS: 'crm:the-key', ACCEPTANCE_LINK_KEYS: '', GATEWAY_PORT: 'x' });

  for (const name of ['GATEWAY_API_KEYS', 'ACCEPTANCE_LINK_KEYS', 'GATEWAY_PORT']) expect(message).toContain(name);
  expect(message).not.toContain('the-key');
});

test('a Temporal that does not answer and a port that is taken are named with the mend', async () => {
  const nowhere = `127.0.0.1:${await freePort()}`;
  expect(await givesUp({ TEMPORAL_ADDRESS: nowhere })).toContain(`Temporal does not answer at ${nowhere}`);

  const taken = new URL(stage.simulator.url).port;
  const message = await givesUp({ GATEWAY_PORT: taken });
  expect(message).toContain('GATEWAY_PORT');
  expect(message).toContain(taken);
});
