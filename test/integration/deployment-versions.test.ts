/** Workers that belong to versions of a deployment: processes of two builds, and an operator with the Temporal CLI. */
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Check } from '../../src/cli/doctor/check';
import { toEventsTaskQueue } from '../../src/onboarding/ids';
import { customerAcceptedSignal } from '../../src/workflows/messages';
import { runCommand } from '../../tools/binaries/command';
import { getCallbackEnvironment } from '../../tools/local-stack/environment';
import { readStackSettings } from '../../tools/local-stack/settings';
import { eventually } from '../support/eventually';
import { CRM_SECRET, getReceivedEvents } from '../support/crm-events';
import { bundleRelease, listFailedTaskCauses, PATCHES, listPatches } from '../support/releases';
import { attestedRequest } from '../support/requests';
import { type Handle, TestStack } from '../support/test-stack';
import { runCommandLineInProcess } from '../support/command-line';
import type { Environment, StartedProcess } from '../support/built-process';

const PROJECT = resolve(__dirname, '../..');
const NO_VERSION = undefined;
const ROUTING_CONFIG_UPDATED = 2; // temporal.api.enums.v1.RoutingConfigUpdateState, completed

let stack: TestStack;
let newBuild: string;
let deployment: string;
let taskQueue: string;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'dev', simulator: true });
  newBuild = buildWith((await bundleRelease('patched')).code);
}, 120_000);
beforeEach(async () => {
  await stack.control.reset();
  await stack.control.switches({ crmSecret: CRM_SECRET });
  taskQueue = stack.newTaskQueue();
  deployment = `deployment-of-${taskQueue}`;
});
afterEach(() => stack.stopProcesses());
afterAll(async () => {
  rmSync(newBuild, { recursive: true, force: true });
  await stack?.close();
});

/** A copy of the current build with other workflow code, in its own folder. */
function buildWith(workflowCode: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'agreement-onboarding-build-'));
  cpSync(join(PROJECT, 'lib/src'), join(folder, 'lib/src'), { recursive: true });
  writeFileSync(join(folder, 'lib/workflow-bundle.js'), workflowCode);
  symlinkSync(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

function startWorker(buildId: string | undefined, folder = PROJECT): Promise<StartedProcess> {
  const settings = readStackSettings('/checkout', { SIMULATOR_PORT: new URL(stack.simulator.url).port });
  const environment: Environment = {
    TEMPORAL_TASK_QUEUE: taskQueue,
    ...getCallbackEnvironment(settings, {
      crmCallbackSecrets: CRM_SECRET,
      acceptanceLinkKeys: `k1:${Buffer.alloc(32, 9).toString('base64')}`,
    }),
    ...(buildId !== undefined && { TEMPORAL_DEPLOYMENT_NAME: deployment, TEMPORAL_WORKER_BUILD_ID: buildId }),
  };
  return stack.startWorkerProcess(environment, join(folder, 'lib/src'));
}

/** As an operator does it: the server refuses until that build polls both task queues. */
async function makeCurrent(buildId: string | undefined): Promise<void> {
  const target = buildId === undefined ? ['--unversioned'] : ['--build-id', buildId];
  const args = ['worker', 'deployment', 'set-current-version', '--deployment-name', deployment, ...target, '--yes'];
  const environment = { HOME: '/nonexistent', TEMPORAL_ADDRESS: stack.server.address };
  await until(`${buildId} can be made current`, async () => {
    await runCommand(process.env['TEST_TEMPORAL_CLI']!, args, { environment });
    return true;
  });
  await until(`${buildId} is current for every queue`, async () => {
    const { workerDeploymentInfo } = await stack.server.client.workflowService.describeWorkerDeployment({
      namespace: 'default',
      deploymentName: deployment,
    });
    return workerDeploymentInfo?.routingConfigUpdateState === ROUTING_CONFIG_UPDATED;
  });
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  await eventually(isSo, { what, intervalMs: 100 });
}

async function startDeal(): Promise<Handle> {
  return stack.startOnboarding(attestedRequest({ callbackUrl: `${stack.simulator.url}/crm/events` }), taskQueue);
}

async function accept(handle: Handle): Promise<void> {
  const { attestation } = await stack.untilStatus(handle, 'awaitingAcceptance');
  await stack.control.accept(attestation!.id);
  await handle.signal(customerAcceptedSignal);
}

/** The build that has last worked on the run. */
async function getLastBuild(workflowId: string): Promise<string | undefined> {
  const { raw } = await stack.server.client.workflow.getHandle(workflowId).describe();
  return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId ?? NO_VERSION;
}

test('an open onboarding and its events move to the new build only when that is made current', async () => {
  const first = await startWorker('build-1');
  expect(first.stderr).toContain(`"deploymentName":"${deployment}","buildId":"build-1"`);
  await makeCurrent('build-1');
  const handle = await startDeal();
  const delivery = `crm-delivery-${handle.firstExecutionRunId}`;
  await stack.untilStatus(handle, 'awaitingAcceptance');
  await startWorker('build-2', newBuild);
  const early = await startDeal();
  await accept(early);
  await early.result();
  expect(await getLastBuild(early.workflowId)).toBe('build-1');

  await makeCurrent('build-2');
  expect(await first.kill('SIGTERM')).toMatchObject({ code: 0 });
  await accept(handle);

  expect(await handle.result()).toMatchObject({ outcome: 'agreementCreated' });
  expect(await listPatches(handle)).toEqual([PATCHES.last]);
  expect(await stack.server.client.workflow.getHandle(delivery).result()).toMatchObject({ ended: 'lastEvent' });
  expect(await Promise.all([getLastBuild(handle.workflowId), getLastBuild(delivery)])).toEqual(['build-2', 'build-2']);
  const events = (await getReceivedEvents(stack)).filter(({ body }) =>
    handle.workflowId.endsWith(String(body.data['dealId'])),
  );
  expect(events.map(({ body }) => body.sequence)).toEqual([1, 2, 3]);
}, 120_000);

test('doctor reports workers that get no work because their build is not current', async () => {
  const environment = { ...stack.environment, TEMPORAL_TASK_QUEUE: taskQueue };
  const ofWorkers = async () => {
    const { stdout } = await runCommandLineInProcess(['--json', 'doctor'], { environment });
    const { checks } = JSON.parse(stdout) as { checks: Check[] };
    return checks
      .filter(({ name }) => name.startsWith('Worker for'))
      .map(({ state, finding }) => `${state}: ${finding}`);
  };
  const queues = [taskQueue, taskQueue, toEventsTaskQueue(taskQueue)];
  await startWorker('build-1');
  expect(await ofWorkers()).toEqual(
    queues.map(
      (queue) =>
        `fault: tasks of task queue ${queue} go to workers without a build, but only workers of build build-1 in deployment ${deployment} poll it`,
    ),
  );
  await makeCurrent('build-1');
  const serving = queues.map(
    (queue) => expect.stringContaining(`ok: 1 worker polls task queue ${queue}, last poll `) as string,
  );
  expect(await ofWorkers()).toEqual(serving);
}, 120_000);

test('after a rollback, runs that the new build has not changed continue, and those that it has changed wait until it is current again', async () => {
  await startWorker('build-1');
  await startWorker('build-2', newBuild);
  await makeCurrent('build-1');
  const before = await startDeal();
  await stack.untilStatus(before, 'awaitingAcceptance');
  await makeCurrent('build-2');
  const changed = await startDeal();
  await stack.untilStatus(changed, 'awaitingAcceptance');

  await makeCurrent('build-1');
  await accept(before);
  expect(await before.result()).toMatchObject({ outcome: 'agreementCreated' });
  expect(await listPatches(before)).toEqual([]);

  await stack.control.accept();
  await changed.signal(customerAcceptedSignal);
  await until('its task fails', async () => (await listFailedTaskCauses(changed)).length > 0);
  await makeCurrent('build-2');
  expect(await changed.result()).toMatchObject({ outcome: 'agreementCreated' });
  expect(await listPatches(changed)).toEqual([PATCHES.first, PATCHES.last]);
}, 120_000);

test('a first deployment version takes over the open runs of unversioned workers, and they can be moved back', async () => {
  const plain = await startWorker(NO_VERSION);
  const handle = await startDeal();
  await stack.untilStatus(handle, 'awaitingAcceptance');
  await plain.kill('SIGTERM');
  const versioned = await startWorker('build-1');
  const next = await startDeal();
  await makeCurrent('build-1');
  await accept(handle);
  expect(await handle.result()).toMatchObject({ outcome: 'agreementCreated' });
  expect(await getLastBuild(handle.workflowId)).toBe('build-1');
  await stack.untilStatus(next, 'awaitingAcceptance');

  await startWorker(NO_VERSION);
  await makeCurrent(NO_VERSION);
  await versioned.kill('SIGTERM');
  await accept(next);
  expect(await next.result()).toMatchObject({ outcome: 'agreementCreated' });
  expect(await getLastBuild(next.workflowId)).toBe(NO_VERSION);
}, 120_000);
