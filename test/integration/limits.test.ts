/** The server's limits: a request that would exceed them is refused, and an acceptance that would is stored as a signal. */
import { randomUUID } from 'node:crypto';
import { checkRequest } from '../../src/onboarding/request-schema';
import { reportAcceptance } from '../../src/client/messages';
import { parseWorkflowId, getWorkflowId } from '../../src/onboarding/ids';
import { MAX_VISITS } from '../../src/workflows/state';
import { customerAcceptedSignal, pageVisitedSignal } from '../../src/workflows/messages';
import { attestedRequest } from '../support/requests';
import { TestStack } from '../support/test-stack';

// The server's own, all of 1.32.0
const LARGEST_PAYLOAD_BYTES = 2 * 1024 * 1024;
const LONGEST_KEYWORD = 255; // of SQL visibility
const LONGEST_WORKFLOW_ID = 1_000;
const UPDATES_AT_ONCE = 10;
const UPDATES_PER_RUN = 2_000;

const SIGNALS = 2_000;
const AT_ONCE = 100;

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'dev', worker: true });
});
afterAll(() => stack?.close());
beforeEach(() => stack.control.reset());

async function inBatches(number: number, send: (index: number) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < number; start += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, number - start) }, (_, offset) => send(start + offset)));
  }
}

/** The largest request that passes the check: every member at its bound, of characters that take three bytes each. */
function largestRequest() {
  const wide = (length: number) => '字'.repeat(length);
  return attestedRequest({
    dealId: 'd'.repeat(128),
    resellerId: 'r'.repeat(63),
    customerId: randomUUID(),
    campaignId: 'c'.repeat(128),
    callbackUrl: `https://crm.example/${'p'.repeat(2_028)}`,
    metadata: Object.fromEntries(Array.from({ length: 20 }, (_, n) => [wide(38) + String(n + 10), wide(500)])),
    attestation: {
      companyName: wide(256),
      signatoryFirstName: wide(128),
      signatoryLastName: wide(128),
      phoneNumber: `+${'1'.repeat(29)}`,
    },
    linkValidForMinutes: 43_200,
    remindAfterMinutes: [1, 2, 3, 4, 5],
  });
}

describe('the largest request that passes the check', () => {
  test('stays far below the limits of payload, search attributes and workflow id', () => {
    const request = largestRequest();

    expect(checkRequest(request).faults).toBeUndefined();
    expect(Buffer.byteLength(JSON.stringify(request))).toBeLessThan(LARGEST_PAYLOAD_BYTES / 40);
    for (const value of [request.dealId, request.resellerId!, request.campaignId!, request.customerId]) {
      expect(value.length).toBeLessThanOrEqual(LONGEST_KEYWORD);
    }
    expect(getWorkflowId(request).length).toBeLessThanOrEqual(LONGEST_WORKFLOW_ID);
  });

  test('ends with its agreement', async () => {
    const { callbackUrl: _none, ...request } = largestRequest(); // nothing listens there
    const handle = await stack.startInvited(request);
    await stack.control.accept();
    await handle.signal(customerAcceptedSignal);
    expect(await handle.result()).toMatchObject({ outcome: 'agreementCreated' });
  });

  test.each<[pointer: string, change: Record<string, unknown>]>([
    ['/metadata/owner', { metadata: { owner: 'x'.repeat(LARGEST_PAYLOAD_BYTES) } }],
    ['/metadata', { metadata: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`k${n}`, 'x'])) }],
    ['/dealId', { dealId: 'd'.repeat(LONGEST_KEYWORD + 1) }],
    ['/campaignId', { campaignId: 'c'.repeat(LONGEST_KEYWORD + 1) }],
    ['/resellerId', { resellerId: 'r'.repeat(LONGEST_WORKFLOW_ID) }],
    ['/callbackUrl', { callbackUrl: `https://crm.example/${'p'.repeat(LARGEST_PAYLOAD_BYTES)}` }],
    ['/attestation/companyName', { attestation: { ...attestedRequest().attestation, companyName: 'x'.repeat(257) } }],
    ['/remindAfterMinutes', { remindAfterMinutes: [1, 2, 3, 4, 5, 6] }],
  ])('and one step further is refused, with %s named', (pointer, change) => {
    const { faults } = checkRequest({ ...attestedRequest(), ...change });
    expect(faults?.map((fault) => fault.pointer)).toEqual([pointer]);
  });
});

test(`${SIGNALS} visits of one page are accepted, stored up to a limit, and do not delay an acceptance`, async () => {
  const handle = await stack.startInvited();
  const { createdAt } = await stack.untilStatus(handle, 'awaitingAcceptance');

  await inBatches(SIGNALS, () => handle.signal(pageVisitedSignal, { event: 'opened', round: 1, at: createdAt }));
  await stack.control.accept();
  await handle.signal(customerAcceptedSignal);

  expect(await handle.result()).toMatchObject({ outcome: 'agreementCreated' });
  expect(MAX_VISITS).toBeLessThan(SIGNALS);
  const { historyLength, historySize } = await handle.describe();
  expect(historyLength).toBeLessThan(51_200);
  expect(historySize!).toBeLessThan(50 * 1024 * 1024);
});

describe('when the server accepts no further update', () => {
  test(`while ${UPDATES_AT_ONCE} are in progress, the acceptance is stored as a signal and counts`, async () => {
    const handle = await stack.startInvited();
    await stack.control.accept();
    await stack.stopWorkers(); // without one, each update stays in progress
    const reports = Array.from({ length: 2 * UPDATES_AT_ONCE }, (_, n) =>
      reportAcceptance(stack.server.client, parseWorkflowId(handle.workflowId), { acceptanceId: `a-${n}` }),
    );
    for (const result of await Promise.all(reports)) expect(result.outcome).toBe('stored');

    await stack.startWorker();
    expect(await handle.result()).toMatchObject({ outcome: 'agreementCreated', createdBy: 'thisOnboarding' });
    expect(await stack.control.journal('createAgreement')).toHaveLength(1);
  });

  test(`after ${UPDATES_PER_RUN} of one run, the acceptance is stored as a signal and counts`, async () => {
    const handle = await stack.startInvited();
    // Answered at once with the attestation that is live; so every one of them is an update of this run.
    for (let sent = 0; sent < UPDATES_PER_RUN; sent += UPDATES_AT_ONCE) {
      await Promise.all(Array.from({ length: UPDATES_AT_ONCE }, () => handle.executeUpdate('renewAttestation')));
    }
    await stack.control.accept();

    const result = await reportAcceptance(stack.server.client, parseWorkflowId(handle.workflowId), {});

    expect(result.outcome).toBe('stored');
    expect(await handle.result()).toMatchObject({ outcome: 'agreementCreated' });
  });
});
