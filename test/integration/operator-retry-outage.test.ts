/** What `retry` for many says when runs have ended, when the server refuses one, and when the server stops halfway. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reservePort } from '../../tools/test-bed/ports';
import type { AttestedRequest } from '../../src/onboarding/request';
import { getWorkflowId } from '../../src/onboarding/ids';
import { buildStartOptions } from '../../src/client/start';
import { pageVisitedSignal } from '../../src/workflows/messages';
import { attestedRequest } from '../support/requests';
import { runCommandLineInProcess, parseError } from '../support/command-line';
import { getIds } from '../support/command-line';
import { TestStack } from '../support/test-stack';

const SIGNALS_A_RUN = 3; // the server's default is 10,000

let stack: TestStack;
let drainWorker: () => Promise<void>;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'operator-retry-'));
  stack = await TestStack.start({
    server: 'dev',
    simulator: true,
    serverOptions: {
      port: await reservePort(),
      dbFilename: join(folder, 'temporal.db'),
      extraArgs: ['--dynamic-config-value', `history.maximumSignalsPerExecution=${SIGNALS_A_RUN}`],
    },
  });
});
beforeEach(async () => {
  drainWorker = await stack.startConfiguredWorker();
});
afterEach(() => drainWorker());
afterAll(async () => {
  await stack?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** So many deals that wait for access; the next call to Partner Center succeeds. */
async function startWaiting(number: number): Promise<AttestedRequest[]> {
  await stack.control.send('PUT', '/simulator/faults', [{ on: 'createAttestation', status: 403, times: number }]);
  const requests = Array.from({ length: number }, () => attestedRequest());
  for (const request of requests) await stack.cli.start(request);
  const listed = ['list', '--status', 'needsAttention', '--limit', '1000'];
  await stack.cli.until(listed, (answer) => getIds(answer).length === number);
  return requests;
}

function getRun(request: AttestedRequest) {
  return stack.server.client.workflow.getHandle(getWorkflowId(request));
}

async function restart(request: AttestedRequest): Promise<void> {
  const options = buildStartOptions(stack.environment['TEMPORAL_TASK_QUEUE']!, request, 2);
  await stack.server.client.workflow.start('agreementOnboarding', options);
}

test('runs that ended, restarted or resumed since they were listed are counted separately, and the rest is resumed', async () => {
  const [cancelled, restarted, resumed, ...rest] = await startWaiting(5);
  const meanwhile = async () => {
    await getRun(cancelled!).cancel();
    await stack.cli.untilStatus(cancelled!.dealId, 'cancelled');
    await stack.cli.json('retry', resumed!.dealId);
    await stack.cli.untilStatus(resumed!.dealId, 'awaitingAcceptance');
    await getRun(restarted!).terminate();
    await stack.control.send('PUT', '/simulator/faults', [{ on: 'createAttestation', status: 403 }]);
    await restart(restarted!);
    await stack.cli.untilStatus(restarted!.dealId, 'needsAttention');
    return true;
  };
  const run = await runCommandLineInProcess(['retry', '--reason', 'access'], {
    environment: stack.environment,
    confirm: meanwhile,
  });

  expect(run).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /^2 resumed, 3 no longer waiting, 0 failed; \d+ s, at most 20 per second\.\n$/,
    ) as string,
  });
  for (const { dealId } of rest) await stack.cli.untilStatus(dealId, 'awaitingAcceptance');
  expect(await stack.cli.json('status', restarted!.dealId)).toMatchObject({ attempt: 2, status: 'needsAttention' });
  await getRun(restarted!).terminate();
});

test('a run that cannot be resumed is named with the reason, the others are resumed, and the exit code is 1', async () => {
  const [full, ...others] = await startWaiting(3);
  const visit = { event: 'opened', round: 1, at: new Date().toISOString() } as const;
  for (let sent = 0; sent < SIGNALS_A_RUN; sent += 1) await getRun(full!).signal(pageVisitedSignal, visit);

  const run = await stack.cli.run('--json', 'retry', '--reason', 'access', '--yes');

  expect(run.code).toBe(1);
  const { failed, ...answer } = JSON.parse(run.stdout) as { failed: { id: string; message: string }[] };
  expect(answer).toMatchObject({ found: 3, told: 2, noLongerParked: 0 });
  expect(failed).toEqual([{ id: full!.dealId, message: expect.stringContaining('signal') as string }]);
  expect(run.stderr).toContain(`${full!.dealId}: ${failed[0]!.message}\n`);
  for (const { dealId } of others) await stack.cli.untilStatus(dealId, 'awaitingAcceptance');
  await getRun(full!).terminate();
});

test('when the server stops halfway the command ends within seconds, and running it again resumes the rest', async () => {
  const WAITING = 60;
  const deals = await startWaiting(WAITING);
  await drainWorker(); // otherwise it would keep trying to reach its server
  let stopped: Promise<void> | undefined;
  const stopServerOnce = () => {
    stopped ??= stack.stopServer();
  };
  const args = ['retry', '--reason', 'access', '--yes'];
  const startedAt = Date.now();
  const run = await runCommandLineInProcess(['--json', ...args], {
    environment: stack.environment,
    isTerminal: true, // so that progress is printed early
    onStderr: stopServerOnce,
  });
  const tookMs = Date.now() - startedAt;
  await stopped;

  expect(run.code).toBe(3);
  expect(tookMs).toBeLessThan(30_000);
  const error = parseError(run) as { told: number; failed: object[]; notTried: number };
  expect(error).toMatchObject({ type: 'temporalUnreachable', found: WAITING, noLongerParked: 0 });
  expect(error.told).toBeGreaterThan(0);
  expect(error.failed.length).toBeGreaterThan(0);
  expect(error.notTried).toBe(WAITING - error.told - error.failed.length);
  expect(error.notTried).toBeGreaterThan(0);
  expect(run.stderr).toContain(`Stopped: ${error.told} resumed, `);
  expect(run.stderr).toContain('run the same command again');

  await stack.startServer();
  drainWorker = await stack.startConfiguredWorker();
  expect(await stack.cli.run(...args)).toMatchObject({ code: 0 });
  for (const { dealId } of deals) await stack.cli.untilStatus(dealId, 'awaitingAcceptance');
}, 120_000);
