/** How often Temporal is asked for one answer. */
import { Client } from '@temporalio/client';
import { attestedRequest } from '../../support/requests';
import { TestStack } from '../../support/test-stack';
import type { TestGateway } from '../../support/test-gateway';

let stack: TestStack;
let gateway: TestGateway;
const calls: string[] = [];

beforeAll(async () => {
  stack = await TestStack.start({ server: 'dev', worker: true });
  const note =
    (name: string) =>
    <I, O>(input: I, next: (input: I) => Promise<O>): Promise<O> => {
      calls.push(name);
      return next(input);
    };
  const client = new Client({
    connection: stack.server.connection,
    interceptors: { workflow: [{ describe: note('describe'), query: note('query') }] },
  });
  gateway = await stack.startGateway({ client });
});
afterAll(() => stack?.close());

test.each([
  ['a start that is known already', (request: object) => gateway.post('/v1/onboardings', request)],
  ['a frame', (_request: object, path: string) => gateway.post(`${path}/frame`)],
  ['a view', (_request: object, path: string) => gateway.get(path)],
])('%s takes one description and one query', async (_name, ask) => {
  const request = attestedRequest();
  const handle = await stack.startOnboarding(request);
  await stack.untilStatus(handle, 'awaitingAcceptance');
  calls.length = 0;

  expect((await ask(request, `/v1/onboardings/${request.dealId}`)).status).toBe(200);
  expect(calls).toEqual(['describe', 'query']);
});
