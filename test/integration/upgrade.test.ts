/** Old and new workflow code on one open onboarding: the current code is the old release, a changed bundle the new. */
import { NativeConnection, type WorkerOptions } from '@temporalio/worker';
import { reportAcceptance } from '../../src/client/messages';
import { customerAcceptedSignal } from '../../src/workflows/messages';
import { eventually } from '../support/eventually';
import { bundleRelease, listFailedTaskCauses, PATCHES, listPatches } from '../support/releases';
import { attestedRequest } from '../support/requests';
import { type Handle, TestStack } from '../support/test-stack';

const NON_DETERMINISTIC_ERROR = 24; // temporal.api.enums.v1.WorkflowTaskFailedCause

type Release = Pick<WorkerOptions, 'workflowBundle' | 'connection' | 'shutdownGraceTime'>;

let stack: TestStack;
let taskQueue: string;
/** For the new release: two workers of one queue may not share a connection. */
let connection: NativeConnection;
/** Like the product's worker: without it, a worker that stops during a call abandons it, and the call is made twice. */
const shutdownGraceTime = '20s';
const old: Release = { workflowBundle: { codePath: process.env['TEST_WORKFLOW_BUNDLE']! }, shutdownGraceTime };
let patched: Release;
let deprecated: Release;
let plain: Release;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'dev', simulator: true });
  connection = await NativeConnection.connect({ address: stack.server.address });
  patched = { workflowBundle: await bundleRelease('patched'), connection, shutdownGraceTime };
  deprecated = { workflowBundle: await bundleRelease('deprecated'), connection, shutdownGraceTime };
  plain = { workflowBundle: await bundleRelease('plain'), connection, shutdownGraceTime };
}, 120_000);
afterAll(async () => {
  await connection?.close();
  await stack?.close();
});
beforeEach(async () => {
  await stack.control.reset();
  taskQueue = stack.newTaskQueue();
});
afterEach(() => stack.stopWorkers());

/** The customer accepts; the worker of another release runs by now. */
async function acceptAndReport(handle: Handle): Promise<void> {
  await stack.control.accept();
  await handle.signal(customerAcceptedSignal);
}

async function untilTaskFailedOrRunEnded(handle: Handle): Promise<void> {
  await eventually(
    async () => (await listFailedTaskCauses(handle)).length > 0 || (await handle.describe()).status.name !== 'RUNNING',
    { what: `a failed task or the end of ${handle.workflowId}`, intervalMs: 50 },
  );
}

async function expectOneAgreementEach(handles: Handle[]): Promise<void> {
  for (const handle of handles) {
    expect(await handle.result()).toMatchObject({ outcome: 'agreementCreated', createdBy: 'thisOnboarding' });
  }
  const created = await stack.control.journal('createAgreement');
  expect(created.filter(({ committed }) => committed)).toHaveLength(handles.length);
  expect(created).toHaveLength(handles.length);
}

test('a run that began under old code continues under new code, on the old branch of a patch it has passed', async () => {
  await stack.startWorker({ taskQueue, ...old });
  const handle = await stack.startInvited(attestedRequest(), taskQueue);
  await stack.stopWorkers();

  await stack.startWorker({ taskQueue, ...patched });
  await acceptAndReport(handle);

  await expectOneAgreementEach([handle]);
  expect(await listPatches(handle)).toEqual([PATCHES.last]);
  expect(await listFailedTaskCauses(handle)).toEqual([]);
});

test('a run that began under new code waits while only old code runs, and continues once new code is back', async () => {
  await stack.startWorker({ taskQueue, ...patched });
  const handle = await stack.startInvited(attestedRequest(), taskQueue);
  await stack.stopWorkers();

  await stack.startWorker({ taskQueue, ...old });
  await acceptAndReport(handle);
  await untilTaskFailedOrRunEnded(handle);
  await stack.stopWorkers();
  await stack.startWorker({ taskQueue, ...patched });

  await expectOneAgreementEach([handle]);
  expect(await listPatches(handle)).toEqual([PATCHES.first, PATCHES.last]);
  expect(await listFailedTaskCauses(handle)).toEqual([NON_DETERMINISTIC_ERROR]);
}, 120_000);

test('runs that alternate between old and new code during a rolling restart all end with their agreement', async () => {
  await stack.startWorker({ taskQueue, ...old, maxCachedWorkflows: 0 }); // without a cache each task goes to any worker
  const handles = await Promise.all(Array.from({ length: 12 }, () => stack.startInvited(attestedRequest(), taskQueue)));
  await stack.startWorker({ taskQueue, ...patched, maxCachedWorkflows: 0 });

  for (const _ of handles) await stack.control.accept();
  await Promise.all(handles.map((handle) => handle.signal(customerAcceptedSignal)));
  await Promise.all(handles.map(untilTaskFailedOrRunEnded));
  await stack.stopWorkers();
  await stack.startWorker({ taskQueue, ...patched });

  await expectOneAgreementEach(handles);
  const patches = await Promise.all(handles.map(listPatches));
  expect(patches.flat()).toContain(PATCHES.last);
}, 120_000);

test('a patch can be deprecated and then removed while runs of the previous release are open', async () => {
  await stack.startWorker({ taskQueue, ...patched });
  const begunPatched = await stack.startInvited(attestedRequest(), taskQueue);
  await stack.stopWorkers();

  await stack.startWorker({ taskQueue, ...deprecated });
  await acceptAndReport(begunPatched);
  await begunPatched.result();
  const begunDeprecated = await stack.startInvited(attestedRequest(), taskQueue);
  await stack.stopWorkers();

  await stack.startWorker({ taskQueue, ...plain });
  await acceptAndReport(begunDeprecated);

  await expectOneAgreementEach([begunPatched, begunDeprecated]);
  expect([await listFailedTaskCauses(begunPatched), await listFailedTaskCauses(begunDeprecated)]).toEqual([[], []]);
});

test('a change without a patch fails the workflow task, and the run keeps the acceptance until the old code is back', async () => {
  await stack.startWorker({ taskQueue, ...old });
  const request = attestedRequest();
  const handle = await stack.startInvited(request, taskQueue);
  await stack.stopWorkers();

  await stack.startWorker({ taskQueue, ...plain });
  await stack.control.accept();
  expect(await reportAcceptance(stack.server.client, request.dealId, {})).toMatchObject({ outcome: 'stored' });
  await untilTaskFailedOrRunEnded(handle);
  expect((await handle.describe()).status.name).toBe('RUNNING');
  await stack.stopWorkers();
  await stack.startWorker({ taskQueue, ...old });

  await expectOneAgreementEach([handle]);
  expect(await listFailedTaskCauses(handle)).toEqual([NON_DETERMINISTIC_ERROR]);
}, 120_000);
