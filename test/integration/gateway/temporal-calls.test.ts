/** How often Temporal is asked for one answer. */
import { Client } from '@temporalio/client';
import { attestedRequest } from '../../support/requests';
import { Stage } from '../../support/stage';
import { TestGateway } from './gateway-stage';

let stage: Stage;
let gateway: TestGateway;
let taskQueue: string;
const calls: string[] = [];

beforeAll(async () => {
  stage = await Stage.devServer();
  taskQueue = stage.newTaskQueue();
  await stage.startWorker(taskQueue);
  const note =
    (name: string) =>
    <I, O>(input: I, next: (input: I) => Promise<O>): Promise<O> => {
      calls.push(name);
      return next(input);
    };
  const client = new Client({
    connection: stage.env.connection,
    interceptors: { workflow: [{ describe: note('describe'), query: note('query') }] },
  });
  gateway = await TestGateway.open(client, taskQueue);
});
afterAll(async () => {
  await gateway?.close();
  await stage?.close();
});

test.each([
  ['a start that is known already', (request: object) => gateway.post('/v1/onboardings', request)],
  ['a frame', (_request: object, path: string) => gateway.post(`${path}/frame`)],
  ['a view', (_request: object, path: string) => gateway.get(path)],
])('%s takes one description and one query', async (_name, ask) => {
  const request = attestedRequest();
  const handle = await stage.start(taskQueue, request);
  await stage.status(handle, 'awaitingAcceptance');
  calls.length = 0;

  expect((await ask(request, `/v1/onboardings/${request.dealId}`)).status).toBe(200);
  expect(calls).toEqual(['describe', 'query']);
});
