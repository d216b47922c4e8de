/** Where secrets and personal data must not appear: a worker's output, metrics, lists, and failures in histories. */
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { reservePort } from '../../tools/test-bed/ports';
import type { Attestation } from '../../src/onboarding/request';
import { searchAttributeKeys, type AcceptByKey } from '../../src/temporal/search-attributes';
import { customerAcceptedSignal } from '../../src/workflows/messages';
import { eventually } from '../support/eventually';
import { attestedRequest } from '../support/requests';
import { type Handle, TestStack } from '../support/test-stack';

const signatory: Attestation = {
  country: 'US',
  language: 'en-US',
  companyName: 'Aardvarkia Holdings',
  signatoryFirstName: 'Zebediah',
  signatoryLastName: 'Quillfeather',
  emailAddress: 'zebediah.quillfeather@aardvarkia.example',
  phoneNumber: '+1-555-0177',
};
/** A body that repeats everything it was sent, as a careless service might. */
const buildEcho = (...others: string[]) => {
  const everything = [...Object.values(signatory).map(String), ...others].join(' / ');
  return {
    code: 4711,
    message: everything,
    description: everything,
    errors: { EmailAddress: [everything], [everything]: [] },
  };
};

let stack: TestStack;
let tokenProxy: Server;
const tokens = new Set<string>();
const attestationIds = new Set<string>();
const handles: Handle[] = [];
/** The collected text, by the place where it was found. */
const texts = new Map<string, string>();

/** A proxy between the worker and Entra that records the tokens. */
function startTokenProxy(entra: string): Server {
  return createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const answer = await fetch(`${entra}${request.url}`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: Buffer.concat(chunks).toString(),
      });
      const text = await answer.text();
      const { access_token: token } = JSON.parse(text) as { access_token?: string };
      if (token !== undefined) tokens.add(token);
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
    })();
  }).listen(0, '127.0.0.1');
}

async function start(taskQueue: string, overrides: Partial<ReturnType<typeof attestedRequest>> = {}): Promise<Handle> {
  const handle = await stack.startOnboarding(attestedRequest({ ...overrides, attestation: signatory }), taskQueue);
  handles.push(handle);
  return handle;
}

async function accept(handle: Handle): Promise<void> {
  const { attestation } = await stack.untilStatus(handle, 'awaitingAcceptance');
  attestationIds.add(attestation!.id);
  await stack.control.accept(attestation!.id);
  await handle.signal(customerAcceptedSignal, {
    actor: signatory.emailAddress,
    acceptedAt: 'not a time',
    reason: 'signed',
  });
}

/** Waits until the run's activity has failed with this type and is retried, or the run needs attention. */
async function waitForFailure(handle: Handle, type: string): Promise<void> {
  await eventually(
    async () => {
      const { raw } = await handle.describe();
      const pending = raw.pendingActivities?.map(({ lastFailure }) => lastFailure?.applicationFailureInfo?.type);
      if (pending?.includes(type)) return true;
      const { events } = await handle.fetchHistory();
      return events?.some((e) => e.activityTaskFailedEventAttributes?.failure?.applicationFailureInfo?.type === type);
    },
    { what: `a failure ${type}`, intervalMs: 50 },
  );
}

/** Waits until Partner Center has been asked for this customer's agreement. */
async function waitForCall(customerId: string): Promise<void> {
  const isOfCustomer = ({ path }: { path: string }) => path.includes(customerId);
  await eventually(async () => (await stack.control.journal('createAgreement')).some(isOfCustomer), {
    what: `a call for ${customerId}`,
  });
}

/** As JSON: attributes by the name of their event. */
type HistoryEvent = Record<string, Record<string, unknown>>;

/** A history without the inputs of the run, its activities and its signals, and without the results of activities. */
function historyWithoutInputs(events: HistoryEvent[]): string {
  const legitimate: [event: string, member: string][] = [
    ['workflowExecutionStartedEventAttributes', 'input'],
    ['workflowExecutionSignaledEventAttributes', 'input'],
    ['activityTaskScheduledEventAttributes', 'input'],
    ['activityTaskCompletedEventAttributes', 'result'],
  ];
  for (const event of events) for (const [name, member] of legitimate) delete event[name]?.[member];
  return toReadableText(events);
}

/** As text, with decoded payloads. */
function toReadableText(message: unknown): string {
  return JSON.stringify(message, (name, value: unknown) =>
    name === 'data' && typeof value === 'string' ? Buffer.from(value, 'base64').toString() : value,
  );
}

async function collectTexts(handle: Handle): Promise<void> {
  const { workflowId, raw, ...described } = await handle.describe();
  const { events } = JSON.parse(historyToJSON(await handle.fetchHistory())) as { events: HistoryEvent[] };
  const attributes = searchAttributeKeys.map((key) => described.typedSearchAttributes.get(key as typeof AcceptByKey));
  const summary = (await described.staticSummary()) ?? '';
  texts.set(
    `ids, search attributes, memo and summary of ${workflowId}`,
    [workflowId, described.runId, JSON.stringify(attributes), JSON.stringify(described.memo), summary].join('\n'),
  );
  texts.set(`history of ${workflowId}`, historyWithoutInputs(events));
  texts.set(`pending activities of ${workflowId}`, toReadableText(raw.pendingActivities ?? []));
}

beforeAll(async () => {
  stack = await TestStack.start({ server: 'dev', simulator: true });
  const taskQueue = stack.newTaskQueue();
  const { clientSecret, tenantId } = stack.simulator.credentials;
  tokenProxy = startTokenProxy(stack.simulator.url);
  await once(tokenProxy, 'listening');
  const metrics = `127.0.0.1:${await reservePort()}`;
  const environment = {
    TEMPORAL_TASK_QUEUE: taskQueue,
    ENTRA_TOKEN_ENDPOINT: `http://127.0.0.1:${(tokenProxy.address() as AddressInfo).port}/${tenantId}/oauth2/v2.0/token`,
    LOG_LEVEL: 'trace',
    METRICS_ADDRESS: metrics,
  };
  let worker = await stack.startWorkerProcess(environment);
  const scrape = async () => (await fetch(`http://${metrics}/metrics`)).text();
  const keepOutput = (name: string) => texts.set(`output of the ${name} worker`, worker.stdout + worker.stderr);

  // Success, and the same person once more: 600061.
  const { customerId } = attestedRequest();
  for (let times = 0; times < 2; times += 1) {
    const handle = await start(taskQueue, { customerId });
    await accept(handle);
    await handle.result();
  }

  // Rejected with an answer that repeats what it was sent; and a start that cannot be read at all.
  await stack.control.faults({ on: 'createAttestation', status: 400, body: buildEcho() });
  await (await start(taskQueue)).result();
  const unreadable = { ...attestedRequest(), linkValidForMinutes: signatory.emailAddress as unknown as number };
  await (await start(taskQueue, unreadable)).result().catch(() => undefined);

  // Refused, denied and answered with a page, each repeating everything, the token's shape and the attestation too.
  const [refused, denied, paged] = [await start(taskQueue), await start(taskQueue), await start(taskQueue)];
  const scripts: Record<string, unknown>[] = [];
  for (const [handle, fault] of [
    [refused, { status: 400 }],
    [denied, { status: 403 }],
    [paged, { status: 500 }],
  ] as const) {
    const { attestation, customerId: customer } = await stack.untilStatus(handle, 'awaitingAcceptance');
    const body = buildEcho(attestation!.id, [...tokens].join(' '), clientSecret);
    scripts.push({ on: 'createAgreement', customerId: customer, times: 'always', body, ...fault });
  }
  await stack.control.faults(...scripts);
  for (const handle of [refused, denied, paged]) await accept(handle);
  await waitForFailure(refused, 'AgreementRefused');
  await waitForFailure(denied, 'AccessDenied');
  await waitForFailure(paged, 'PartnerCenterUnavailable');

  // A worker that dies during a call, so that the history holds its time-out.
  const orphaned = await start(taskQueue);
  const { customerId: customerOfOrphan } = await stack.untilStatus(orphaned, 'awaitingAcceptance');
  await stack.control.faults(
    { on: 'createAgreement', customerId: customerOfOrphan, effect: 'loseAnswerHang' },
    ...scripts,
  );
  await accept(orphaned);
  await waitForCall(customerOfOrphan);
  texts.set('metrics of the first worker', await scrape());
  await collectTexts(paged);
  texts.set(
    'pending activities of a run that is being retried',
    texts.get(`pending activities of ${paged.workflowId}`)!,
  );
  await worker.kill('SIGKILL');
  keepOutput('first');
  worker = await stack.startWorkerProcess(environment);
  await orphaned.result();

  // Entra refuses with an answer that repeats the secret.
  const last = await start(taskQueue);
  const { attestation } = await stack.untilStatus(last, 'awaitingAcceptance');
  attestationIds.add(attestation!.id);
  await stack.control.revokeTokens();
  const description = `AADSTS7000215: the secret ${clientSecret} of ${signatory.emailAddress} is wrong`;
  await stack.control.faults({
    on: 'token',
    times: 'always',
    status: 401,
    body: { error: 'invalid_client', error_description: description },
  });
  await accept(last);
  await waitForFailure(last, 'TokenRefused');

  for (const handle of handles) await collectTexts(handle);
  texts.set('metrics of the second worker', await scrape());
  await worker.kill('SIGTERM');
  keepOutput('second');
}, 120_000);

afterAll(async () => {
  tokenProxy?.close();
  await stack?.close();
});

function findPlaces(text: string): string[] {
  const forms = [text, encodeURIComponent(text), Buffer.from(text).toString('base64').replace(/=+$/, '')];
  return [...texts].filter(([, content]) => forms.some((form) => content.includes(form))).map(([place]) => place);
}

test('the search covers failures, logs and metrics', () => {
  expect(findPlaces('AgreementRefused').length).toBeGreaterThan(0);
  expect(findPlaces('AccessDenied').length).toBeGreaterThan(0);
  expect(findPlaces('TokenRefused').length).toBeGreaterThan(0);
  expect(findPlaces('TIMEOUT_TYPE_HEARTBEAT').length).toBeGreaterThan(0);
  expect(findPlaces('answersLost')).toEqual(
    expect.arrayContaining([expect.stringMatching(/^history/), 'pending activities of a run that is being retried']),
  );
  expect(findPlaces('customerAccepted').length).toBeGreaterThan(0);
  expect(findPlaces('temporal_activity_execution_failed')).toEqual(
    expect.arrayContaining(['metrics of the first worker']),
  );
  expect(texts.get('output of the second worker')).toContain('Worker drained');
  expect(attestationIds.size).toBeGreaterThanOrEqual(6);
});

test('no access token is found, nor anything that looks like one', () => {
  expect(tokens.size).toBeGreaterThan(0);
  expect([...tokens].flatMap(findPlaces)).toEqual([]);
  expect(findPlaces('eyJ0eXAi')).toEqual([]);
});

test('the client secret is not found', () => {
  expect(findPlaces(stack.simulator.credentials.clientSecret)).toEqual([]);
});

test('no attestation id is found, because its holder could accept', () => {
  expect([...attestationIds].flatMap(findPlaces)).toEqual([]);
});

const { country: _country, language: _language, ...personal } = signatory;

test.each(Object.entries(personal))('the signatory’s %s is not found', (_name, value) => {
  expect(findPlaces(String(value))).toEqual([]);
});
