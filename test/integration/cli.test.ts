/** The command line against a real Temporal server, while no worker runs. */
import { randomUUID } from 'node:crypto';
import { toWorkflowId } from '../../src/onboarding/ids';
import { buildStartOptions } from '../../src/client/start';
import { attestedRequest, contoso, primaryContactRequest } from '../support/requests';
import { runCommandLineInProcess, parseError } from '../support/command-line';
import { getIds } from '../support/command-line';
import { TestStack } from '../support/test-stack';

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'dev', simulator: true });
});
afterAll(() => stack?.close());

test('a deal is started once; the same content finds it, and other content is a conflict', async () => {
  const request = attestedRequest({ resellerId: 'fabrikam', metadata: { owner: 'team-7' } });
  const id = `fabrikam:${request.dealId}`;

  expect(await stack.cli.start(request)).toMatchObject({ outcome: 'started', id, workflowId: toWorkflowId(id) });
  expect(await stack.cli.start(request)).toMatchObject({ outcome: 'known', id, ignored: [] });
  expect(await stack.cli.start({ ...request, metadata: { owner: 'team-8' } })).toMatchObject({
    outcome: 'known',
    ignored: ['metadata'],
  });
  const other = JSON.stringify({ ...request, attestation: { ...contoso, phoneNumber: '+1-555-0199' } });
  const run = await runCommandLineInProcess(['--json', 'start', '-'], { environment: stack.environment, stdin: other });
  expect(run.code).toBe(1);
  expect(parseError(run)).toMatchObject({ type: 'conflict', id, differing: ['attestation.phoneNumber'] });
  expect(run.stdout + run.stderr).not.toContain('555');
});

test('the primary contact method can be started where it is switched on', async () => {
  const request = primaryContactRequest();

  expect(await stack.cli.start(request, { ALLOW_PRIMARY_CONTACT_METHOD: 'true' })).toMatchObject({
    outcome: 'started',
    id: request.dealId,
  });
});

test('without a worker status shows what Temporal has stored, and says that it is partial', async () => {
  const request = attestedRequest({ resellerId: 'fabrikam', metadata: { owner: 'team-7' } });
  await stack.cli.start(request);

  const { code, stdout, stderr } = await stack.cli.run('--json', 'status', `fabrikam:${request.dealId}`);

  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    partial: true,
    status: 'creatingAttestation',
    dealId: request.dealId,
    resellerId: 'fabrikam',
    customerId: request.customerId,
    attempt: 1,
    createdAt: expect.stringMatching(/Z$/) as string,
    metadata: { owner: 'team-7' },
    history: [],
  });
  expect(stderr).toContain('No worker answered');
});

test('an unknown deal is not found', async () => {
  for (const command of ['status', 'accept', 'retry', 'cancel', 'frame']) {
    const { code, error } = await stack.cli.failure(command, 'D-unknown');
    expect({ command, code, type: error['type'] }).toEqual({ command, code: 1, type: 'notFound' });
  }
});

test('an acceptance is stored, and commands that need a worker’s answer say that none came', async () => {
  const request = attestedRequest();
  await stack.cli.start(request);

  expect(await stack.cli.json('accept', request.dealId, '--acceptance-id', 'A-1')).toEqual({
    outcome: 'stored',
    id: request.dealId,
    acceptanceId: 'A-1',
  });
  expect(await stack.cli.failure('frame', request.dealId)).toMatchObject({ code: 3, error: { type: 'noWorker' } });
  expect(await stack.cli.failure('decline', request.dealId, '--code', 'other')).toMatchObject({
    code: 3,
    error: { type: 'noWorker' },
  });
});

test('a terminated run is failed in status and lists, whatever status it had', async () => {
  const request = attestedRequest();
  await stack.cli.start(request);
  await stack.server.client.workflow.getHandle(toWorkflowId(request.dealId)).terminate();

  expect(await stack.cli.json('status', request.dealId)).toMatchObject({
    status: 'failed',
    completedAt: expect.any(String) as string,
  });
  const listed = (status: string) => ['list', '--customer', request.customerId, '--status', status];
  await stack.cli.until(listed('failed'), (answer) => getIds(answer).includes(request.dealId));
  expect(getIds(await stack.cli.json(...listed('creatingAttestation')))).toEqual([]);
  expect(await stack.cli.failure('cancel', request.dealId)).toMatchObject({ code: 1, error: { type: 'notOpen' } });
});

test('lists are narrowed by each filter, bounded by the limit, and printed in aligned columns', async () => {
  const campaignId = `c-${randomUUID()}`;
  const first = attestedRequest({ campaignId, resellerId: 'fabrikam' });
  const second = attestedRequest({ campaignId });
  await stack.cli.start(first);
  await stack.cli.start(second);
  const firstId = `fabrikam:${first.dealId}`;
  const inCampaign = ['list', '--campaign', campaignId];

  const all = await stack.cli.until(inCampaign, (answer) => getIds(answer).length === 2);
  expect(all).toMatchObject({ more: false });
  expect(getIds(all).toSorted()).toEqual([second.dealId, firstId].toSorted());
  expect(getIds(await stack.cli.json(...inCampaign, '--reseller', 'fabrikam'))).toEqual([firstId]);
  expect(getIds(await stack.cli.json(...inCampaign, '--customer', second.customerId.toUpperCase()))).toEqual([
    second.dealId,
  ]);
  expect(getIds(await stack.cli.json(...inCampaign, '--status', 'creatingAttestation'))).toHaveLength(2);
  expect(getIds(await stack.cli.json(...inCampaign, '--attention-reason', 'access'))).toEqual([]);
  expect(getIds(await stack.cli.json(...inCampaign, '--started-after', '2100-01-01'))).toEqual([]);
  expect(getIds(await stack.cli.json(...inCampaign, '--closed-after', '2020-01-01T00:00:00Z'))).toEqual([]);
  expect(await stack.cli.json(...inCampaign, '--limit', '1')).toMatchObject({ more: true });

  const { stdout, stderr } = await stack.cli.run(...inCampaign);
  const [header, ...rows] = stdout.trimEnd().split('\n');
  expect(stderr).toBe('');
  expect(rows).toHaveLength(2);
  for (const row of rows) expect(row.indexOf('creatingAttestation')).toBe(header!.indexOf('STATUS'));
  const toCells = (line: string) => line.split(/ {2,}/);
  expect(toCells(header!)).toEqual(['DEAL', 'STATUS', 'CUSTOMER', 'ATTEMPT', 'STARTED', 'ACCEPT BY', 'ENDED']);
  expect(toCells(rows.find((row) => row.startsWith(second.dealId))!)).toEqual([
    second.dealId,
    'creatingAttestation',
    second.customerId,
    '1',
    expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/),
    '-',
    '-',
  ]);
});

test('a filter’s value cannot change the query, whatever it contains', async () => {
  const campaignId = `o'brien ${randomUUID()} % _`;
  const request = { ...attestedRequest(), campaignId };
  await stack.server.client.workflow.start(
    'agreementOnboarding',
    buildStartOptions(stack.environment['TEMPORAL_TASK_QUEUE']!, request, 1),
  );

  await stack.cli.until(['list', '--campaign', campaignId], (answer) => getIds(answer).includes(request.dealId));
  for (const hostile of ["x' OR 'a' = 'a", String.raw`x\' OR CampaignId != '`, String.raw`x\\' OR '1`, '%', '"']) {
    expect({ hostile, found: getIds(await stack.cli.json('list', '--campaign', hostile)) }).toEqual({
      hostile,
      found: [],
    });
  }
});

test('doctor reports the missing worker with its remediation, and exits with 1', async () => {
  const { code, stdout } = await stack.cli.run('doctor');

  expect(code).toBe(1);
  expect(stdout).toContain(`${stack.environment['TEMPORAL_ADDRESS']} (environment), namespace default\n`);
  expect(stdout).toMatch(/^ok +Temporal .*answers, server \d/m);
  expect(stdout).toMatch(/^ok +Search attributes +all registered/m);
  expect(stdout).toMatch(/^fault +Worker for workflows +no worker polls .*npm run worker/m);
  expect(stdout).toMatch(/^ok +Credentials/m);
});

test('doctor reports a namespace that does not exist and credentials that Entra refuses', async () => {
  const wrong = { ...stack.environment, TEMPORAL_NAMESPACE: 'absent', PARTNER_CENTER_CLIENT_SECRET: 'not-the-secret' };
  const { code, stdout } = await runCommandLineInProcess(['doctor'], { environment: wrong });

  expect(code).toBe(1);
  expect(stdout).toMatch(/^fault +Namespace absent +does not exist/m);
  expect(stdout).toMatch(/^fault +Credentials +Microsoft Entra refused a token.*PARTNER_CENTER_CLIENT_SECRET/m);
  expect(stdout).not.toContain('not-the-secret');
});

test('other commands report a namespace that does not exist too', async () => {
  expect(await stack.cli.failure('status', 'D-1', '--namespace', 'absent')).toMatchObject({
    code: 3,
    error: { type: 'namespaceNotFound' },
  });
  expect(await stack.cli.failure('list', '--namespace', 'absent')).toMatchObject({
    code: 3,
    error: { type: 'namespaceNotFound' },
  });
});

const unreachable = { TEMPORAL_ADDRESS: '127.0.0.1:1' };

test('--address wins over the environment, and without --json a failure leaves stdout empty', async () => {
  const { code, stdout, stderr } = await runCommandLineInProcess(['status', 'D-1', '--address', '127.0.0.1:2'], {
    environment: unreachable,
  });

  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(stderr).toContain('Temporal does not answer at 127.0.0.1:2');
  expect(stderr).toContain('Temporal: 127.0.0.1:2 (--address), namespace default\n');
});

test('with --json, a failure names the Temporal server that was called and where its address was set', async () => {
  const run = await runCommandLineInProcess(['--json', 'status', 'D-1'], { environment: unreachable });

  expect(parseError(run)).toMatchObject({
    type: 'temporalUnreachable',
    temporal: { address: '127.0.0.1:1', namespace: 'default', source: 'environment' },
  });
});
