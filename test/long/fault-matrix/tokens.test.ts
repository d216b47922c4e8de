/** Every answer of the token endpoint, for each call that needs a token, at each attempt. */
import { createActivities } from '../../../src/activities';
import { createPartnerCenter, type PartnerCenter } from '../../../src/partner-center';
import { TestStack } from '../../support/test-stack';
import { tokenAnswers } from './answers';
import { type Call, type Cell, listCells, expectCalls, Matrix } from './matrix';
import { positions } from './positions';

const TEMPLATE_ID = '117a77b0-9360-443b-8795-c6dedc750cf9';

let stack: TestStack;
let matrix: Matrix;
let taskQueue: string;
let client: PartnerCenter;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'timeSkipping', simulator: true });
  matrix = new Matrix(stack, reset, buildFaults, replaceClient);
  taskQueue = stack.newTaskQueue();
  const partnerCenter: PartnerCenter = {
    createAttestation: (...call) => client.createAttestation(...call),
    createAgreement: (...call) => client.createAgreement(...call),
    findAuditRecords: (...call) => client.findAuditRecords(...call),
    checkCredentials: () => client.checkCredentials(),
    close: () => client.close(),
  };
  const agreementSettings = { defaultTemplateId: TEMPLATE_ID, allowPrimaryContactMethod: false };
  await stack.startWorker({ taskQueue, activities: createActivities({ partnerCenter, agreementSettings }) });
});
afterAll(() => stack?.close());
beforeEach(() => matrix.reset());
afterEach(() => client?.close());

async function reset(): Promise<void> {
  replaceClient();
  await stack.control.reset();
  // Too short a life for a second call: every attempt asks for a token of its own.
  await stack.control.switches({ tokenLifetimeSeconds: 20 });
}

function buildFaults({ call, position, answer }: Cell): Record<string, unknown>[] {
  const on = call === 'attestation' ? 'createAttestation' : 'createAgreement';
  return [
    ...position.before.map((fault) => ({ on, ...fault })),
    { on: 'token', skip: position.attemptsBefore, ...answer.fault },
  ];
}

/** The new client has no token and no cached refusal, as after an operator has fixed the credentials. */
function replaceClient(): void {
  client?.close();
  const { url, credentials } = stack.simulator;
  client = createPartnerCenter({
    baseUrl: url,
    apiVersion: 'v1',
    timeoutMs: 1_000,
    credentials: {
      ...credentials,
      scope: 'https://api.partnercenter.microsoft.com/.default',
      tokenEndpoint: `${url}/${credentials.tenantId}/oauth2/v2.0/token`,
    },
  });
}

describe.each<[string, Call]>([
  ['Create Attestation', 'attestation'],
  ['Create Agreement', 'agreement'],
])('for %s the token endpoint answers with', (_name, call) => {
  test.each(listCells(call, tokenAnswers, positions))('%s', async (_cell, cell) => {
    await matrix.runCell(cell, taskQueue);
    await expectCalls(stack, cell, 0); // Partner Center itself was not called in that attempt
  });
});
