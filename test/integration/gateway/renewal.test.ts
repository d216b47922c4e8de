/** The window of a link that is longer than its attestation, on a server whose clock jumps over waits. */
import { attestedRequest } from '../../support/requests';
import { Stage } from '../../support/stage';
import { kindOf, TestGateway } from './gateway-stage';

const MINUTE_MS = 60_000;

let stage: Stage;
let gateway: TestGateway;

beforeAll(async () => {
  stage = await Stage.timeSkipping();
  const taskQueue = stage.newTaskQueue();
  await stage.startWorker(taskQueue);
  gateway = await TestGateway.open(stage.env.client, taskQueue, { acceptanceUrl: `${stage.simulator.url}/mca/` });
});
afterAll(async () => {
  await gateway?.close();
  await stage?.close();
});

async function invited(linkValidForMinutes: number) {
  const request = attestedRequest({ linkValidForMinutes, attestation: { expirationInMinutes: 5 } });
  const path = (await gateway.post('/v1/onboardings', request)).headers.get('location')!;
  const handle = stage.env.client.workflow.getHandle(`agreement-onboarding-${request.dealId}`) as never;
  await stage.status(handle, 'awaitingAcceptance');
  return { path, handle };
}

test('a window that ran out is renewed when it is asked for, and asked again it is the same', async () => {
  const { path, handle } = await invited(60);
  const first = await gateway.post(`${path}/frame`);
  await stage.after(6 * MINUTE_MS);
  await stage.until(handle, ({ attestation }) => attestation?.live === false);

  const second = await gateway.post(`${path}/frame`);

  expect(second).toMatchObject({ status: 200, body: { round: 2 } });
  expect(second.body['url']).not.toBe(first.body['url']);
  expect((await gateway.post(`${path}/frame`)).body).toEqual(second.body);
});

test('a window that cannot be renewed is told as not ready, and the onboarding goes on waiting', async () => {
  const { path, handle } = await invited(60);
  await stage.after(6 * MINUTE_MS);
  await stage.until(handle, ({ attestation }) => attestation?.live === false);
  await stage.control.faults({ on: 'createAttestation', times: 'always', status: 503 });

  const answer = await gateway.post(`${path}/frame`);

  expect([answer.status, kindOf(answer)]).toEqual([503, 'frame-not-ready']);
  expect(answer.ms).toBeLessThan(15_000);
  await stage.control.reset();
  expect((await gateway.get(path)).body['status']).not.toBe('failed');
});
