/** `retry` for many onboardings at once, against a real server and worker. */
import { randomUUID } from 'node:crypto';
import { attestedRequest } from '../support/requests';
import { runCommandLineInProcess } from '../support/command-line';
import { getIds } from '../support/command-line';
import { TestStack } from '../support/test-stack';

const WAITING = 12;
const allResumed = expect.stringMatching(
  new RegExp(`^${WAITING} resumed, 0 no longer waiting, 0 failed; \\d s, at most 20 per second\\.\n$`),
) as string;

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

/** A campaign whose deals wait for access; the next call to Partner Center succeeds. */
async function startWaitingCampaign(): Promise<{ campaignId: string; deals: string[] }> {
  const campaignId = `c-${randomUUID()}`;
  await stack.control.send('PUT', '/simulator/faults', [{ on: 'createAttestation', status: 403, times: WAITING }]);
  const requests = Array.from({ length: WAITING }, () => attestedRequest({ campaignId }));
  for (const request of requests) await stack.cli.start(request);
  const listed = ['list', '--campaign', campaignId, '--attention-reason', 'access'];
  await stack.cli.until(listed, (answer) => getIds(answer).length === WAITING);
  return { campaignId, deals: requests.map(({ dealId }) => dealId) };
}

test('all that match are resumed, and none of another campaign', async () => {
  const { campaignId, deals } = await startWaitingCampaign();
  const other = await startWaitingCampaign();

  const answer = await stack.cli.json('retry', '--where', `CampaignId = '${campaignId}'`, '--yes');

  expect(answer).toMatchObject({ found: WAITING, told: WAITING, noLongerParked: 0, failed: [], perSecond: 20 });
  for (const deal of deals) await stack.cli.untilStatus(deal, 'awaitingAcceptance');
  expect(await stack.cli.json('status', other.deals[0]!)).toMatchObject({ status: 'needsAttention' });

  const rest = await stack.cli.run('retry', '--reason', 'access', '--yes');
  expect(rest).toMatchObject({ code: 0, stdout: allResumed });
  for (const deal of other.deals) await stack.cli.untilStatus(deal, 'awaitingAcceptance');
});

test('a --where that closes our bracket still matches only runs in needsAttention', async () => {
  const request = attestedRequest();
  await stack.cli.start(request);
  await stack.cli.untilStatus(request.dealId, 'awaitingAcceptance');
  await stack.cli.until(['list', '--status', 'awaitingAcceptance'], (answer) =>
    getIds(answer).includes(request.dealId),
  );

  const where = `CampaignId = 'none') OR (WorkflowType = 'agreementOnboarding'`;
  expect(await stack.cli.json('retry', '--where', where, '--yes')).toMatchObject({ found: 0, told: 0 });
});

test('nothing is resumed without --yes if there is no terminal to ask at, or if the answer is no', async () => {
  const { campaignId, deals } = await startWaitingCampaign();
  const many = ['retry', '--where', `CampaignId = '${campaignId}'`];

  expect(await stack.cli.failure(...many)).toMatchObject({ code: 2, error: { type: 'usage', found: WAITING } });

  const asked: string[] = [];
  const answers = [false, true];
  const confirm = (question: string) => {
    asked.push(question);
    return Promise.resolve(answers.shift()!);
  };
  const refused = await runCommandLineInProcess(many, { environment: stack.environment, confirm });
  expect(refused).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^Nothing was done\.\n/) as string,
  });
  expect(asked).toEqual([`${WAITING} onboardings will be resumed (20 per second, about 1 s). Continue?`]);
  expect(await stack.cli.json('status', deals[0]!)).toMatchObject({ status: 'needsAttention' });

  const agreed = await runCommandLineInProcess(many, { environment: stack.environment, confirm });
  expect(agreed).toMatchObject({ code: 0, stdout: allResumed });
  for (const deal of deals) await stack.cli.untilStatus(deal, 'awaitingAcceptance');
});

test('no match is not a failure; a --where that Temporal cannot read is a usage error', async () => {
  expect(await stack.cli.run('retry', '--where', `CampaignId = 'none'`)).toMatchObject({
    code: 0,
    stdout: 'No onboarding in needsAttention matches.\n',
  });
  expect(await stack.cli.failure('retry', '--where', 'Colour = ')).toMatchObject({
    code: 2,
    error: { type: 'usage', message: expect.stringContaining('Temporal cannot read --where') as string },
  });
});

test.each([[['retry']], [['retry', 'D-1', '--reason', 'access']]])(
  '%j is a usage error: give either a deal or a filter',
  async (args) => {
    expect(await stack.cli.failure(...args)).toMatchObject({ code: 2, error: { type: 'usage' } });
  },
);
