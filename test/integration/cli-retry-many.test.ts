/** `retry` for many onboardings at once, against a real server and worker. */
import { randomUUID } from 'node:crypto';
import { attestedRequest } from '../support/requests';
import { commandLine } from '../support/command-line';
import { idsIn, OperatorStage } from './operator-stage';

const PARKED = 12;
const allTold = expect.stringMatching(
  new RegExp(`^${PARKED} told to try again, 0 no longer parked, 0 failed; \\d s, at most 20 a second\\.\n$`),
) as string;

let stage: OperatorStage;
let drainWorker: () => Promise<void>;

beforeAll(async () => {
  stage = await OperatorStage.open();
  drainWorker = await stage.startWorker();
});
afterAll(async () => {
  await drainWorker?.();
  await stage?.close();
});

/** A campaign whose deals wait for access; the next call to Partner Center succeeds. */
async function parkedCampaign(): Promise<{ campaignId: string; deals: string[] }> {
  const campaignId = `c-${randomUUID()}`;
  await stage.control('PUT', '/simulator/faults', [{ on: 'createAttestation', status: 403, times: PARKED }]);
  const requests = Array.from({ length: PARKED }, () => attestedRequest({ campaignId }));
  for (const request of requests) await stage.start(request);
  const listed = ['list', '--campaign', campaignId, '--attention-reason', 'access'];
  await stage.until(listed, (answer) => idsIn(answer).length === PARKED);
  return { campaignId, deals: requests.map(({ dealId }) => dealId) };
}

test('all that fit are told, those of another campaign are not, and each goes on', async () => {
  const { campaignId, deals } = await parkedCampaign();
  const other = await parkedCampaign();

  const answer = await stage.json('retry', '--where', `CampaignId = '${campaignId}'`, '--yes');

  expect(answer).toMatchObject({ found: PARKED, told: PARKED, noLongerParked: 0, failed: [], perSecond: 20 });
  for (const deal of deals) await stage.untilStatus(deal, 'awaitingAcceptance');
  expect(await stage.json('status', other.deals[0]!)).toMatchObject({ status: 'needsAttention' });

  const rest = await stage.cli('retry', '--reason', 'access', '--yes');
  expect(rest).toMatchObject({ code: 0, stdout: allTold });
  for (const deal of other.deals) await stage.untilStatus(deal, 'awaitingAcceptance');
});

test('a query that closes our bracket reaches no run that needs no attention', async () => {
  const request = attestedRequest();
  await stage.start(request);
  await stage.untilStatus(request.dealId, 'awaitingAcceptance');
  await stage.until(['list', '--status', 'awaitingAcceptance'], (answer) => idsIn(answer).includes(request.dealId));

  const where = `CampaignId = 'none') OR (WorkflowType = 'agreementOnboarding'`;
  expect(await stage.json('retry', '--where', where, '--yes')).toMatchObject({ found: 0, told: 0 });
});

test('nobody is told without --yes where nobody can be asked, and who says no is obeyed', async () => {
  const { campaignId, deals } = await parkedCampaign();
  const many = ['retry', '--where', `CampaignId = '${campaignId}'`];

  expect(await stage.failure(...many)).toMatchObject({ code: 2, error: { type: 'usage', found: PARKED } });

  const asked: string[] = [];
  const answers = [false, true];
  const confirm = (question: string) => {
    asked.push(question);
    return Promise.resolve(answers.shift()!);
  };
  const refused = await commandLine(many, { environment: stage.environment, confirm });
  expect(refused).toMatchObject({ code: 1, stdout: '', stderr: 'Nothing was done.\n' });
  expect(asked).toEqual([`${PARKED} onboardings will be told to try again (20 a second, about 1 s). Go on?`]);
  expect(await stage.json('status', deals[0]!)).toMatchObject({ status: 'needsAttention' });

  const agreed = await commandLine(many, { environment: stage.environment, confirm });
  expect(agreed).toMatchObject({ code: 0, stdout: allTold });
  for (const deal of deals) await stage.untilStatus(deal, 'awaitingAcceptance');
});

test('nothing that fits is no failure; a query nobody can read is wrong usage', async () => {
  expect(await stage.cli('retry', '--where', `CampaignId = 'none'`)).toMatchObject({
    code: 0,
    stdout: 'No onboarding in needsAttention fits.\n',
  });
  expect(await stage.failure('retry', '--where', 'Colour = ')).toMatchObject({
    code: 2,
    error: { type: 'usage', message: expect.stringContaining('Temporal cannot read --where') as string },
  });
});

test.each([[['retry']], [['retry', 'D-1', '--reason', 'access']]])('%j names neither one nor many', async (args) => {
  expect(await stage.failure(...args)).toMatchObject({ code: 2, error: { type: 'usage' } });
});
