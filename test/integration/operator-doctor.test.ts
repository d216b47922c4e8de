/** What `doctor` says of the runs of an installation, on a real server with workers that are right, wrong or missing. */
import { randomUUID } from 'node:crypto';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { getWorkflowId } from '../../src/onboarding/ids';
import { AcceptByKey, AttentionReasonKey, OnboardingStatusKey } from '../../src/temporal/search-attributes';
import { buildStartOptions } from '../../src/client/start';
import { customerAcceptedSignal } from '../../src/workflows/messages';
import { eventually } from '../support/eventually';
import { attestedRequest } from '../support/requests';
import { runCommandLineInProcess } from '../support/command-line';
import { TestStack } from '../support/test-stack';

interface Check {
  name: string;
  state: string;
  finding: string;
  mend?: string;
  count?: number;
  ids?: string[];
}

/** One failure marks a run, instead of five in a row that take a minute. */
const MARK_AT_ONCE = 'system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute=1';

let stack: TestStack;
let taskQueue: string;

beforeAll(async () => {
  stack = await TestStack.start({
    server: 'dev',
    simulator: true,
    serverOptions: { extraArgs: ['--dynamic-config-value', MARK_AT_ONCE] },
  });
});
afterAll(() => stack?.close());

const drains: (() => Promise<void>)[] = [];
beforeEach(() => {
  taskQueue = `test-${randomUUID()}`;
  stack.environment['TEMPORAL_TASK_QUEUE'] = taskQueue;
});
afterEach(async () => {
  for (const drain of drains.splice(0)) await drain();
  for await (const { workflowId } of stack.server.client.workflow.list({ query: `ExecutionStatus = 'Running'` })) {
    await stack.server.client.workflow.getHandle(workflowId).terminate();
  }
  await stack.control.send('PUT', '/simulator/faults', []);
});

async function startWorker(): Promise<void> {
  drains.push(await stack.startConfiguredWorker());
}

async function startIncompatibleWorker(): Promise<void> {
  const workflowBundle = await bundleWorkflowCode({
    workflowsPath: require.resolve('../replay/fixtures/workflow-with-an-extra-timer'),
    logger: new DefaultLogger('WARN'),
  });
  drains.push(await stack.startWorker({ taskQueue, workflowBundle, activities: {} }));
}

async function drainWorkers(): Promise<void> {
  for (const drain of drains.splice(0)) await drain();
}

/** The exit code, and the checks by name, once they are as wanted: visibility follows after a moment. */
async function doctorUntil(wanted: (checks: Map<string, Check>) => boolean) {
  let printed = '';
  return eventually(
    async () => {
      const { code, stdout } = await stack.cli.run('--json', 'doctor');
      printed = stdout;
      const { checks: list } = JSON.parse(stdout) as { checks: Check[] };
      const checks = new Map(list.map((check) => [check.name, check]));
      return wanted(checks) && { code, checks };
    },
    { what: () => `another answer of doctor than ${printed}`, intervalMs: 100 },
  );
}

test('a run whose history does not fit the workers’ code is named with its remediation until they are fixed', async () => {
  await startWorker();
  const request = attestedRequest();
  await stack.cli.start(request);
  await stack.cli.untilStatus(request.dealId, 'awaitingAcceptance');
  await drainWorkers();
  await startIncompatibleWorker();
  await stack.control.send('POST', '/simulator/acceptances', {});
  await stack.server.client.workflow.getHandle(getWorkflowId(request)).signal(customerAcceptedSignal);

  const { code, checks } = await doctorUntil((all) => all.get('Stuck runs')?.state === 'fault');

  expect(code).toBe(1);
  expect(checks.get('Stuck runs')).toEqual({
    name: 'Stuck runs',
    state: 'fault',
    finding: `the workflow tasks of one run fail repeatedly (NonDeterministicError): ${request.dealId}`,
    mend: expect.stringContaining('run the version that the runs started with') as string,
    count: 1,
    ids: [request.dealId],
  });

  await drainWorkers();
  await startWorker();
  await stack.cli.untilStatus(request.dealId, 'agreementCreated');
  const after = await doctorUntil((all) => all.get('Stuck runs')?.state === 'ok');
  expect(after.code).toBe(0);
});

test('a run of a type that no worker knows is stuck, with the remediation of that cause', async () => {
  await startWorker();
  const ids = ['unknown-1', 'unknown-2', 'unknown-3', 'unknown-4', 'unknown-5', 'unknown-6'];
  for (const workflowId of ids) await stack.server.client.workflow.start('unknownType', { workflowId, taskQueue });

  const { checks } = await doctorUntil((all) => all.get('Stuck runs')?.count === ids.length);

  const { finding, mend, ids: named } = checks.get('Stuck runs')!;
  expect(named).toHaveLength(5);
  expect(finding).toMatch(
    /^the workflow tasks of 6 runs fail repeatedly \(WorkflowWorkerUnhandledFailure\): .*, … and 1 more$/,
  );
  expect(mend).toContain('the worker’s log');
});

test('a stuck run of another task queue is not reported', async () => {
  await startWorker();
  await stack.server.client.workflow.start('unknownType', { workflowId: 'ours', taskQueue });
  await doctorUntil((all) => all.get('Stuck runs')?.count === 1);

  stack.environment['TEMPORAL_TASK_QUEUE'] = `${taskQueue}-2`;
  const { checks } = await doctorUntil((all) => all.has('Stuck runs'));
  expect(checks.get('Stuck runs')).toMatchObject({ state: 'ok' });
});

test('a run past the end of its link is overdue after an hour, unless it needs attention or creates the agreement', async () => {
  const start = async (status: string, acceptBy: number, reason?: string) => {
    const request = attestedRequest();
    const { typedSearchAttributes, ...options } = buildStartOptions(taskQueue, request, 1);
    await stack.server.client.workflow.start('agreementOnboarding', {
      ...options,
      typedSearchAttributes: typedSearchAttributes.updateCopy([
        { key: OnboardingStatusKey, value: status },
        { key: AcceptByKey, value: new Date(acceptBy) },
        ...(reason === undefined ? [] : [{ key: AttentionReasonKey, value: reason }]),
      ]),
    });
    return request.dealId;
  };
  const minutesAgo = (minutes: number) => Date.now() - minutes * 60_000;
  const overdue = await start('awaitingAcceptance', minutesAgo(61));
  await start('awaitingAcceptance', minutesAgo(55));
  await start('creatingAgreement', minutesAgo(120));
  await start('needsAttention', minutesAgo(120), 'access');

  const { code, checks } = await doctorUntil(
    (all) => all.get('Overdue runs')?.state === 'fault' && all.has('Needs attention: access'),
  );

  expect(code).toBe(1);
  expect(checks.get('Overdue runs')).toMatchObject({ count: 1, ids: [overdue] });
  expect(checks.get('Overdue runs')!.finding).toContain('the link of one run expired more than an hour ago');
});

test('runs that need attention are counted by reason with its remediation, and are not a fault of the installation', async () => {
  await startWorker();
  const [lost, alsoLost, unknown] = [attestedRequest(), attestedRequest(), attestedRequest()];
  await stack.control.send('PUT', '/simulator/faults', [
    { on: 'createAttestation', times: 2, status: 403 },
    { on: 'createAgreement', status: 404 },
  ]);
  for (const request of [lost, alsoLost]) await stack.cli.start(request);
  for (const { dealId } of [lost, alsoLost]) await stack.cli.untilStatus(dealId, 'needsAttention');
  await stack.cli.start(unknown);
  await stack.cli.untilStatus(unknown.dealId, 'awaitingAcceptance');
  await stack.cli.json('accept', unknown.dealId);

  const { code, checks } = await doctorUntil(
    (all) =>
      all.get('Needs attention: access')?.count === 2 && all.get('Needs attention: customerUnknown')?.count === 1,
  );

  expect(code).toBe(0);
  const access = checks.get('Needs attention: access')!;
  expect(access).toMatchObject({
    state: 'warning',
    finding: expect.stringContaining('2 runs are waiting for an operator: ') as string,
    mend: expect.stringContaining('Then `npx onboarding retry --reason access`') as string,
  });
  expect(access.ids!.toSorted()).toEqual([lost.dealId, alsoLost.dealId].toSorted());
  expect(checks.get('Needs attention: customerUnknown')).toMatchObject({
    finding: `one run is waiting for an operator: ${unknown.dealId}`,
    mend: expect.stringContaining('npx onboarding retry DEAL') as string,
  });
});

test('a call that has failed for long is reported before its run needs attention', async () => {
  await startWorker();
  const request = attestedRequest();
  const throttled = { on: 'createAttestation', times: 'always', status: 429, retryAfter: 1 };
  await stack.control.send('PUT', '/simulator/faults', [throttled]);
  await stack.cli.start(request);

  const { code, checks } = await doctorUntil((all) => all.get('Long retries')?.state === 'warning');

  expect(code).toBe(0);
  expect(checks.get('Long retries')).toMatchObject({
    finding: `1 failed 7 times or more: ${request.dealId} (createAttestation, attempt 8, last failure Throttled)`,
    count: 1,
    ids: [request.dealId],
  });
});

test('a worker that does not poll the events’ task queue is reported', async () => {
  drains.push(await stack.startConfiguredWorker({}, { delivers: false }));

  const { code, checks } = await doctorUntil((all) => all.get('Worker for activities')?.state === 'ok');

  expect(code).toBe(1);
  expect(checks.get('Worker for events')).toMatchObject({
    state: 'fault',
    finding: `no worker polls task queue ${taskQueue}-events`,
  });

  await drainWorkers();
  await startWorker();
  await doctorUntil((all) => all.get('Worker for events')?.state === 'ok');
});

test('a server that does not mark stuck runs is reported with its remediation', async () => {
  const never = ['--dynamic-config-value', MARK_AT_ONCE.replace('=1', '=0')];
  const other = await TestStack.start({ server: 'dev', serverOptions: { extraArgs: never } });
  try {
    const environment = { ...stack.environment, TEMPORAL_ADDRESS: other.server.address };
    const { stdout } = await runCommandLineInProcess(['doctor'], { environment });
    expect(stdout).toMatch(/^warning +Stuck runs +the server does not mark .*numConsecutiveWorkflowTaskProblems/m);
  } finally {
    await other.close();
  }
});
