/** What an operator finds in Temporal's lists, and reads of a run in its UI. */
import { randomUUID } from 'node:crypto';
import { defineQuery } from '@temporalio/workflow';
import { getWorkflowId } from '../../src/onboarding/ids';
import { AcceptByKey, searchAttributeKeys } from '../../src/temporal/search-attributes';
import type { agreementOnboarding } from '../../src/workflows';
import { customerAcceptedSignal, retrySignal } from '../../src/workflows/messages';
import { eventually } from '../support/eventually';
import { attestedRequest, contoso } from '../support/requests';
import { type Handle, TestStack } from '../support/test-stack';

/** The SDK's own query, which the UI asks for the current details. */
const metadataQuery = defineQuery<{ currentDetails?: string }>('__temporal_workflow_metadata');

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'dev', worker: true });
});
afterAll(() => stack?.close());
beforeEach(() => stack.control.reset());

async function findIds(query: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { workflowId } of stack.server.client.workflow.list({ query })) ids.push(workflowId);
  return ids;
}

/** Waits until the list shows this one run or none: visibility lags behind the run. */
async function untilFound(query: string, expected: Handle | undefined): Promise<void> {
  const wanted = expected === undefined ? [] : [expected.workflowId];
  let ids: string[] = [];
  await eventually(
    async () => {
      ids = await findIds(query);
      return JSON.stringify(ids) === JSON.stringify(wanted);
    },
    { what: () => `${query} to find ${JSON.stringify(wanted)}, not ${JSON.stringify(ids)}`, intervalMs: 50 },
  );
}

async function currentDetails(handle: Handle): Promise<string> {
  const { currentDetails: details } = await handle.query(metadataQuery);
  return details ?? '';
}

async function accept(handle: Handle): Promise<void> {
  await stack.untilStatus(handle, 'awaitingAcceptance');
  await stack.control.accept();
  await handle.signal(customerAcceptedSignal);
}

/** Waits until the run has ended, so that none of its calls gets a fault of the next test. */
async function cancel(handle: Handle): Promise<void> {
  await handle.cancel();
  await expect(handle.result()).rejects.toThrow('cancelled');
}

/** Started as from the Temporal UI: a type, an id, a task queue and the argument. */
function startByHand(request: ReturnType<typeof attestedRequest>): Promise<Handle> {
  return stack.server.client.workflow.start<typeof agreementOnboarding>('agreementOnboarding', {
    taskQueue: stack.taskQueue,
    workflowId: getWorkflowId(request),
    args: [request],
  });
}

function buildResellerDeal() {
  return attestedRequest({ resellerId: `fabrikam-${randomUUID()}`, campaignId: `campaign-${randomUUID()}` });
}

describe.each([
  [
    'that was started with its attributes',
    (request: ReturnType<typeof buildResellerDeal>) => stack.startOnboarding(request),
  ],
  ['that was started with its argument alone, as from the UI', startByHand],
])('a waiting run %s', (_how, start) => {
  test.each(['dealId', 'customerId', 'resellerId', 'campaignId'] as const)('is found by its %s', async (name) => {
    const request = buildResellerDeal();
    const handle = await start(request);
    const attribute = `${name[0]!.toUpperCase()}${name.slice(1)}`;

    await untilFound(`${attribute} = '${request[name]}'`, handle);

    await cancel(handle);
  });

  test('is found by its status and by the end of its link', async () => {
    const request = buildResellerDeal();
    const handle = await start(request);
    const { acceptBy } = await stack.untilStatus(handle, 'awaitingAcceptance');
    const own = `DealId = '${request.dealId}'`;

    await untilFound(`${own} AND OnboardingStatus = 'awaitingAcceptance'`, handle);
    const secondsFromTheEnd = (seconds: number) => new Date(Date.parse(acceptBy!) + seconds * 1_000).toISOString();
    await untilFound(
      `${own} AND AcceptBy > '${secondsFromTheEnd(-1)}' AND AcceptBy < '${secondsFromTheEnd(1)}'`,
      handle,
    );
    expect(await findIds(`${own} AND AcceptBy < '${secondsFromTheEnd(-1)}'`)).toEqual([]);

    await cancel(handle);
  });
});

test('a run that needs attention is found by its reason, until it continues', async () => {
  await stack.control.faults({ on: 'createAttestation', status: 403 });
  const request = attestedRequest();
  const handle = await stack.startOnboarding(request);
  const own = `DealId = '${request.dealId}'`;
  await untilFound(`${own} AND OnboardingStatus = 'needsAttention' AND AttentionReason = 'access'`, handle);

  await handle.signal(retrySignal);

  await untilFound(`${own} AND AttentionReason IS NULL AND OnboardingStatus = 'awaitingAcceptance'`, handle);
  await cancel(handle);
});

test('a run that has ended is found by its outcome and no longer by the end of its link', async () => {
  const request = attestedRequest();
  const handle = await stack.startOnboarding(request);
  const own = `DealId = '${request.dealId}'`;
  await stack.untilStatus(handle, 'awaitingAcceptance');
  await untilFound(`${own} AND AcceptBy IS NOT NULL`, handle);

  await accept(handle);
  await handle.result();

  await untilFound(`${own} AND OnboardingStatus = 'agreementCreated' AND ExecutionStatus = 'Completed'`, handle);
  await untilFound(`${own} AND AcceptBy IS NOT NULL`, undefined);
  expect((await handle.describe()).typedSearchAttributes.get(AcceptByKey)).toBeUndefined();
});

test('a cancelled run is not found by the end of its link', async () => {
  const request = attestedRequest();
  const handle = await stack.startOnboarding(request);
  await stack.untilStatus(handle, 'awaitingAcceptance');

  await cancel(handle);

  await untilFound(`DealId = '${request.dealId}' AND OnboardingStatus = 'cancelled' AND AcceptBy IS NULL`, handle);
});

test('a run shows its deal as its summary', async () => {
  const request = buildResellerDeal();
  const handle = await stack.startOnboarding(request);

  expect(await (await handle.describe()).staticSummary()).toBe(`Deal ${request.resellerId}:${request.dealId}`);
  await cancel(handle);
});

test('a run’s details say in plain words what it waits for, and later how it ended', async () => {
  const handle = await stack.startOnboarding(attestedRequest());
  const { acceptBy } = await stack.untilStatus(handle, 'awaitingAcceptance');
  const minute = acceptBy!.slice(0, 16).replace('T', ' ');
  expect(await currentDetails(handle)).toContain(`Waiting for the customer until ${minute} UTC`);

  await accept(handle);
  await handle.result();

  expect(await currentDetails(handle)).toContain('Done: the agreement was created.');
});

test('a run that needs attention shows the reason, the fix and when it tries again', async () => {
  await stack.control.faults({ on: 'createAttestation', status: 403 });
  const handle = await stack.startOnboarding(attestedRequest());
  await stack.untilStatus(handle, 'needsAttention');

  const details = await currentDetails(handle);

  expect(details).toContain('Needs attention: access.');
  expect(details).toContain('Fix: Check the app registration');
  expect(details).toMatch(/tries again by itself at \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
  await cancel(handle);
});

test('lists and summaries show no personal data and no attestation id', async () => {
  const handle = await stack.startOnboarding(buildResellerDeal());
  const shown: string[] = [];
  const look = async () => {
    const described = await handle.describe();
    shown.push(
      described.workflowId,
      JSON.stringify(described.memo),
      JSON.stringify(searchAttributeKeys.map((key) => described.typedSearchAttributes.get(key as typeof AcceptByKey))),
      (await described.staticSummary()) ?? '',
      (await described.staticDetails()) ?? '',
      await currentDetails(handle),
    );
  };
  const { attestation } = await stack.untilStatus(handle, 'awaitingAcceptance');
  await look();
  await accept(handle);
  await handle.result();
  await look();

  const { country: _country, language: _language, ...personal } = contoso;
  for (const secret of [...Object.values(personal), attestation!.id]) {
    expect(shown.filter((text) => text.includes(String(secret)))).toEqual([]);
  }
});
