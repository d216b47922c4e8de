/** The window of a link that is longer than its attestation, on a server whose clock jumps over waits. */
import { attestedRequest } from '../../support/requests';
import { TestStack } from '../../support/test-stack';
import { getProblemKind, type TestGateway } from '../../support/test-gateway';

const MINUTE_MS = 60_000;

let stack: TestStack;
let gateway: TestGateway;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'timeSkipping', worker: true, gateway: true });
  gateway = stack.gateway;
});
afterAll(() => stack?.close());

async function startInvited(linkValidForMinutes: number) {
  const request = attestedRequest({ linkValidForMinutes, attestation: { expirationInMinutes: 5 } });
  const path = (await gateway.post('/v1/onboardings', request)).headers.get('location')!;
  const handle = stack.server.client.workflow.getHandle(`agreement-onboarding-${request.dealId}`) as never;
  await stack.untilStatus(handle, 'awaitingAcceptance');
  return { path, handle };
}

test('an expired window is renewed on request, and the next request returns the same window', async () => {
  const { path, handle } = await startInvited(60);
  const first = await gateway.post(`${path}/frame`);
  await stack.advanceClock(6 * MINUTE_MS);
  await stack.until(handle, ({ attestation }) => attestation?.live === false);

  const second = await gateway.post(`${path}/frame`);

  expect(second).toMatchObject({ status: 200, body: { round: 2 } });
  expect(second.body['url']).not.toBe(first.body['url']);
  expect((await gateway.post(`${path}/frame`)).body).toEqual(second.body);
});

test('while a window cannot be renewed the answer is 503, and the onboarding keeps waiting', async () => {
  const { path, handle } = await startInvited(60);
  await stack.advanceClock(6 * MINUTE_MS);
  await stack.until(handle, ({ attestation }) => attestation?.live === false);
  await stack.control.faults({ on: 'createAttestation', times: 'always', status: 503 });

  const answer = await gateway.post(`${path}/frame`);

  expect([answer.status, getProblemKind(answer)]).toEqual([503, 'frame-not-ready']);
  expect(answer.ms).toBeLessThan(15_000);
  await stack.control.reset();
  expect((await gateway.get(path)).body['status']).not.toBe('failed');
});
