/** The command line against a real Temporal server, a real worker and the simulated Partner Center. */
import { attestedRequest } from '../support/requests';
import { getIds } from '../support/command-line';
import { TestStack } from '../support/test-stack';

let stack: TestStack;
let drainWorker: () => Promise<void>;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'dev', simulator: true });
  drainWorker = await stack.startConfiguredWorker();
});
afterAll(async () => {
  await drainWorker?.();
  await stack?.close();
});

test('an operator takes a deal from its start to its agreement, and no secret or name is printed on the way', async () => {
  const request = attestedRequest();
  const deal = request.dealId;
  await stack.cli.start(request);
  await stack.cli.untilStatus(deal, 'awaitingAcceptance');

  const frame = await stack.cli.run('frame', deal);
  const attestationId = new URL(frame.stdout.trim()).searchParams.get('attestationid')!;
  expect(frame.stdout).toBe(`${stack.simulator.url}/mca/?attestationid=${attestationId}\n`);
  expect(frame.stderr).toContain('Anyone who has this link can accept');

  await stack.control.send('POST', '/simulator/acceptances', { attestationId });
  expect(await stack.cli.json('accept', deal, '--acceptance-id', 'A-1', '--reason', 'by phone')).toMatchObject({
    outcome: 'recorded',
    receipt: { acceptanceId: 'A-1', round: 1 },
  });
  const view = await stack.cli.untilStatus(deal, 'agreementCreated');
  expect(view).toMatchObject({
    acceptance: { source: 'operator', actor: 'jdoe', reason: 'by phone' },
    attestation: { round: 1, live: false },
    result: { outcome: 'agreementCreated', createdBy: 'thisOnboarding' },
  });

  const text = await stack.cli.run('status', deal);
  expect(text.stdout).toMatch(/^Status +agreementCreated$/m);
  for (const printed of [text.stdout, JSON.stringify(view)]) {
    expect(printed).not.toContain(attestationId);
    expect(printed).not.toMatch(/Smith|Contoso|555/);
  }
  for (const command of [['accept'], ['decline', '--code', 'other'], ['cancel'], ['retry']]) {
    const { code, error } = await stack.cli.failure(...command, deal);
    expect({ command, code, error }).toMatchObject({
      code: 1,
      error: { type: 'notOpen', id: deal, status: 'agreementCreated' },
    });
  }
  expect(await stack.cli.failure('frame', deal)).toMatchObject({ code: 1, error: { type: 'noLiveAttestation' } });
});

test('a decline ends the deal, with its code and comment in view', async () => {
  const request = attestedRequest({ attestation: { expirationInMinutes: 5 } });
  await stack.cli.start(request);
  await stack.cli.untilStatus(request.dealId, 'awaitingAcceptance');
  await stack.cli.json('decline', request.dealId, '--code', 'wrongPerson', '--comment', 'ask the owner');

  const view = await stack.cli.untilStatus(request.dealId, 'declined');
  expect(view).toMatchObject({ decline: { code: 'wrongPerson', comment: 'ask the owner' } });
});

test('retry resumes a deal in needsAttention, and is refused in any other status', async () => {
  const request = attestedRequest();
  const deal = request.dealId;
  await stack.control.send('PUT', '/simulator/faults', {
    script: [{ on: 'createAgreement', customerId: request.customerId, times: 1, status: 404 }],
  });
  await stack.cli.start(request);
  await stack.cli.untilStatus(deal, 'awaitingAcceptance');
  expect(await stack.cli.failure('retry', deal)).toMatchObject({
    code: 1,
    error: { type: 'refused', status: 'awaitingAcceptance' },
  });
  const { url } = await stack.cli.json('frame', deal);
  const attestationId = new URL(url as string).searchParams.get('attestationid');
  await stack.control.send('POST', '/simulator/acceptances', { attestationId });
  await stack.cli.json('accept', deal);
  expect(await stack.cli.untilStatus(deal, 'needsAttention')).toMatchObject({ attentionReason: 'customerUnknown' });
  await stack.cli.until(['list', '--attention-reason', 'customerUnknown'], (answer) => getIds(answer).includes(deal));

  expect(await stack.cli.json('retry', deal)).toEqual({ outcome: 'retryRequested', id: deal });

  await stack.cli.untilStatus(deal, 'agreementCreated');
});

test('a decline is refused after an acceptance', async () => {
  const request = attestedRequest();
  const deal = request.dealId;
  await stack.control.send('PUT', '/simulator/faults', {
    script: [{ on: 'createAgreement', customerId: request.customerId, times: 'always', status: 503 }],
  });
  await stack.cli.start(request);
  await stack.cli.untilStatus(deal, 'awaitingAcceptance');
  await stack.cli.json('accept', deal);

  expect(await stack.cli.failure('decline', deal, '--code', 'doesNotAccept')).toMatchObject({
    code: 1,
    error: { type: 'refused', reason: 'Accepted' },
  });
  await stack.cli.json('cancel', deal);
  await stack.cli.untilStatus(deal, 'cancelled');
  expect(await stack.cli.json('status', deal)).toMatchObject({ status: 'cancelled' });
});

test('doctor finds only the short retention of a development server', async () => {
  const { ok, checks } = (await stack.cli.json('doctor')) as { ok: boolean; checks: { name: string; state: string }[] };

  expect(ok).toBe(true);
  expect(checks.filter(({ state }) => state !== 'ok').map(({ name }) => name)).toEqual(['Retention']);
});

test('the result of a deal that has ended is shown without any worker', async () => {
  await drainWorker();
  const listed = await stack.cli.until(['list', '--status', 'agreementCreated'], (answer) => getIds(answer).length > 0);

  expect(await stack.cli.json('status', getIds(listed)[0]!)).toMatchObject({
    partial: true,
    status: 'agreementCreated',
    result: { outcome: 'agreementCreated' },
  });
});
