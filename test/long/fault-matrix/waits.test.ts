/** How long a call waits for its next attempt, by the clock of the server. */
import { customerAcceptedSignal, retrySignal } from '../../../src/workflows/messages';
import { attestedRequest } from '../../support/requests';
import { type Handle, TestStack } from '../../support/test-stack';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const SLACK_MS = 5 * SECOND; // a busy machine; real time passes in addition to skipped time

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'timeSkipping', worker: true });
});
afterAll(() => stack?.close());
beforeEach(() => stack.control.reset());

/** From the acceptance to the agreement, whose first attempt gets this answer. */
async function measureWait(fault: Record<string, unknown>): Promise<number> {
  const handle = await stack.startOnboarding(attestedRequest());
  await stack.untilStatus(handle, 'awaitingAcceptance');
  await stack.control.accept();
  await stack.control.faults({ on: 'createAgreement', ...fault });
  await handle.signal(customerAcceptedSignal);
  await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated', createdBy: 'thisOnboarding' });
  expect(await stack.control.journal('createAgreement')).toHaveLength(2);
  const { history, completedAt } = await stack.untilStatus(handle, 'agreementCreated');
  const acceptedAt = history.find(({ status }) => status === 'creatingAgreement')!.at;
  return Date.parse(completedAt!) - Date.parse(acceptedAt);
}

const inAnHour = () => new Date(Date.now() + HOUR).toUTCString();

test.each<[string, () => string | number, waitMs: number]>([
  ['0', () => 0, SECOND],
  ['-5', () => -5, SECOND],
  ['a date in 1970', () => 'Thu, 01 Jan 1970 00:00:00 GMT', SECOND],
  ['90 seconds', () => 90, 90 * SECOND],
  ['a date in an hour', inAnHour, HOUR],
  ['a billion seconds', () => 1_000_000_000, HOUR],
  ['a date in 2090', () => 'Sun, 01 Jan 2090 00:00:00 GMT', HOUR],
  ['garbage', () => 'soon', SECOND],
  ['a number in exponent notation', () => '1e9', SECOND],
])('a 429 with Retry-After %s', async (_name, retryAfter, waitMs) => {
  const waited = await measureWait({ retryAfter: retryAfter() });
  expect(waited).toBeGreaterThan(waitMs - 2 * SECOND); // a date has no milliseconds
  expect(waited).toBeLessThan(waitMs + SLACK_MS);
});

test('a Retry-After is ignored on anything but a 429', async () => {
  expect(await measureWait({ status: 503, retryAfter: 3_600 })).toBeLessThan(SECOND + SLACK_MS);
});

async function retryAfterADay(handle: Handle): Promise<void> {
  await stack.advanceClock(24 * HOUR + MINUTE);
  expect(await stack.untilStatus(handle, 'needsAttention')).toMatchObject({
    attentionReason: 'retriesUsedUp',
    problem: { type: 'PartnerCenterUnavailable', status: 503 },
  });
  await stack.control.faults();
  await handle.signal(retrySignal);
}

test('after a day of 503 before the invitation the run needs attention, and after a retry the customer has the full time', async () => {
  await stack.control.faults({ on: 'createAttestation', status: 503, times: 'always' });
  const handle = await stack.startOnboarding(attestedRequest());
  await retryAfterADay(handle);

  const { acceptBy, history } = await stack.untilStatus(handle, 'awaitingAcceptance');
  expect(Date.parse(acceptBy!) - Date.parse(history.at(-1)!.at)).toBeGreaterThan(59 * MINUTE);
  const calls = await stack.control.journal('createAttestation');
  expect(calls.length).toBeGreaterThan(1_400); // one a minute
  expect(new Set(calls.map(({ headers }) => headers['ms-requestid'])).size).toBe(1);
  await handle.terminate();
}, 120_000);
