import type { Problem } from '../../src/onboarding/view';
import { customerAcceptedSignal, declineUpdate, retrySignal } from '../../src/workflows/messages';
import { attestedRequest, primaryContactRequest } from '../support/requests';
import { type Handle, TestStack } from '../support/test-stack';

const MINUTE = 60_000;

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'timeSkipping', worker: true });
});
afterAll(() => stack?.close());
beforeEach(() => stack.control.reset());

async function accepted(handle: Handle): Promise<void> {
  await stack.control.accept();
  await handle.signal(customerAcceptedSignal);
}

function requestIds(calls: { headers: Record<string, string> }[]): (string | undefined)[] {
  return calls.map(({ headers }) => headers['ms-requestid']);
}

describe('an agreement exists already (600061)', () => {
  test.each([
    [400, 'number'],
    [400, 'string'],
    [409, 'number'],
    [409, 'string'],
  ])('answered as HTTP %d with the code as a %s, it completes the run and is not retried', async (status, codeType) => {
    await stack.control.switches({ duplicateStatus: status, duplicateCodeType: codeType });
    const request = attestedRequest();
    const earlier = await stack.startInvited(request);
    await accepted(earlier);
    await earlier.result();

    const handle = await stack.startInvited({ ...request, dealId: `${request.dealId}-again` });
    await accepted(handle);
    const result = await handle.result();
    expect(result).toMatchObject({
      outcome: 'agreementAlreadyExists',
      createdBy: 'earlier',
      problem: {
        type: 'AgreementAlreadyExists',
        status,
        code: '600061',
        errorName: 'PartnerConfirmedAgreementAlreadyExists',
      },
    });
    expect(await stack.control.journal('createAgreement')).toHaveLength(2);
  });

  test('after a lost answer the activity log shows that this onboarding created the agreement', async () => {
    await stack.control.faults({ on: 'createAgreement', effect: 'loseAnswer' });
    await stack.synchronizeClocks();
    const handle = await stack.startInvited();
    await accepted(handle);
    const result = await handle.result();
    expect(result).toMatchObject({
      outcome: 'agreementCreated',
      createdBy: 'thisOnboarding',
      agreement: { templateId: '117a77b0-9360-443b-8795-c6dedc750cf9', type: 'MicrosoftCustomerAgreement' },
    });
    expect(result.dateAgreed).toBe(result.acceptedAt);
  });

  test.each([
    ['lags', {}, { auditDelayMs: 3_600_000 }],
    ['cannot be read', { on: 'auditRecords', status: 403, times: 'always' }, {}],
    ['hangs', { on: 'auditRecords', effect: 'hang', times: 'always' }, {}],
  ])('when that log %s, the run ends with createdBy unknown', async (_name, fault, switches) => {
    await stack.control.switches(switches);
    const faults = [{ on: 'createAgreement', effect: 'loseAnswer' }, fault].filter((each) => 'on' in each);
    await stack.control.faults(...faults);
    const handle = await stack.startInvited();
    await accepted(handle);
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementAlreadyExists', createdBy: 'unknown' });
  });

  test('a record from before our first call does not count as ours', async () => {
    const request = attestedRequest();
    const earlier = await stack.startInvited(request);
    await accepted(earlier);
    await earlier.result();
    await stack.synchronizeClocks();
    const records = await stack.control.send('GET', '/simulator/agreements');
    expect(records).toMatchObject({ total: 1 });
    await stack.advanceClock(10 * MINUTE);
    await stack.synchronizeClocks();
    const handle = await stack.startInvited({ ...request, dealId: `${request.dealId}-again` });
    await stack.control.faults({ on: 'createAgreement', status: 503 });
    await accepted(handle);
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementAlreadyExists', createdBy: 'unknown' });
  });

  test('after a lost answer the next attempt carries the same request id', async () => {
    await stack.control.faults({ on: 'createAgreement', effect: 'loseAnswer' });
    const handle = await stack.startInvited();
    await accepted(handle);
    await handle.result();
    const ids = requestIds(await stack.control.journal('createAgreement'));
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1); // unknown answer: the same id, so that a replaying service replays
  });

  test('a service that replays its answer returns the agreement of the lost answer', async () => {
    await stack.control.switches({ requestIdReplay: 'replay' });
    await stack.control.faults({ on: 'createAgreement', effect: 'loseAnswer' });
    const handle = await stack.startInvited();
    await accepted(handle);
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated', createdBy: 'thisOnboarding' });
  });

  test('a throttled attempt loses no answer', async () => {
    const request = attestedRequest();
    const earlier = await stack.startInvited(request);
    await accepted(earlier);
    await earlier.result();
    const handle = await stack.startInvited({ ...request, dealId: `${request.dealId}-again` });
    await stack.control.faults({ on: 'createAgreement', status: 429, retryAfter: 7 });
    await accepted(handle);
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementAlreadyExists', createdBy: 'earlier' });
  });
});

describe('Partner Center rejects the data', () => {
  test('the run ends as attestationRejected and names the fields, without the data', async () => {
    const handle = await stack.startOnboarding(
      attestedRequest({ attestation: { emailAddress: 'nobody', companyName: '' } }),
    );
    const result = await handle.result();
    expect(result).toMatchObject({
      outcome: 'attestationRejected',
      problem: { type: 'AttestationRejected', status: 400 },
    });
    expect(Object.keys(result.problem!.errors!).toSorted()).toEqual(['CompanyName', 'EmailAddress']);
    expect(JSON.stringify(result)).not.toContain('nobody');
  });

  test('a refusal that names no field makes the run wait until an operator retries', async () => {
    await stack.control.faults({ on: 'createAttestation', status: 400, body: { code: 800002, description: 'no' } });
    const handle = await stack.startOnboarding(attestedRequest());
    const view = await stack.untilStatus(handle, 'needsAttention');
    expect(view).toMatchObject({ attentionReason: 'attestationRefused', problem: { status: 400, code: '800002' } });
    await handle.signal(retrySignal);
    await stack.untilStatus(handle, 'awaitingAcceptance');
    const ids = requestIds(await stack.control.journal('createAttestation'));
    expect(new Set(ids).size).toBe(2); // a refusal may be replayed by its id
    await handle.terminate();
  });
});

describe('Partner Center does not know of the acceptance yet', () => {
  test('after five tries in a minute the run waits for the customer again, and the next acceptance creates the agreement', async () => {
    const handle = await stack.startInvited(attestedRequest({ attestation: { expirationInMinutes: 60 } }));
    await handle.signal(customerAcceptedSignal); // claimed, but not given in Microsoft's window
    await stack.advanceClock(2 * MINUTE);
    const view = await stack.until(handle, (now) => now.status === 'awaitingAcceptance' && now.history.length > 3);
    expect(view.problem).toMatchObject({ type: 'AgreementRefused' } satisfies Partial<Problem>);
    const calls = await stack.control.journal('createAgreement');
    expect(calls).toHaveLength(5);
    expect(new Set(requestIds(calls)).size).toBe(5);

    await accepted(handle);
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated' });
  });

  test('an acceptance that reaches Partner Center late need not be repeated', async () => {
    await stack.control.faults({
      on: 'createAgreement',
      status: 400,
      body: { code: 1, description: 'not yet' },
      times: 3,
    });
    const handle = await stack.startInvited();
    await accepted(handle);
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated', createdBy: 'thisOnboarding' });
    expect(await stack.control.journal('createAgreement')).toHaveLength(4);
  });

  test('after the third refused acceptance the run waits for an operator, and retry tries that acceptance again', async () => {
    const handle = await stack.startInvited(attestedRequest({ attestation: { expirationInMinutes: 60 } }));
    for (const round of [1, 2, 3]) {
      await handle.signal(customerAcceptedSignal, { acceptanceId: `a-${round}` });
      await stack.advanceClock(2 * MINUTE);
      await stack.until(
        handle,
        ({ history }) => history.filter(({ status }) => status === 'creatingAgreement').length === round,
      );
      await stack.until(handle, ({ status }) => status === (round < 3 ? 'awaitingAcceptance' : 'needsAttention'));
    }
    expect(await stack.untilStatus(handle, 'needsAttention')).toMatchObject({ attentionReason: 'refused' });
    await stack.control.accept();
    await handle.signal(retrySignal);
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated' });
  });

  test('a reported acceptance never expires: at the end of the link the run waits for an operator', async () => {
    const handle = await stack.startInvited(attestedRequest({ attestation: { expirationInMinutes: 5 } }));
    await handle.signal(customerAcceptedSignal);
    await stack.advanceClock(10 * MINUTE);
    const view = await stack.untilStatus(handle, 'needsAttention');
    expect(view).toMatchObject({ attentionReason: 'refused' });
    await handle.executeUpdate(declineUpdate, { args: [{ code: 'doesNotAccept' }] });
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'declined' });
  });
});

describe('access is lost', () => {
  test('the run needs attention, tries again by itself, and continues once the secret is fixed', async () => {
    await stack.control.faults({ on: 'createAttestation', status: 403, times: 2 });
    const handle = await stack.startOnboarding(attestedRequest());
    const view = await stack.untilStatus(handle, 'needsAttention');
    expect(view).toMatchObject({ attentionReason: 'access', problem: { type: 'AccessDenied', status: 403 } });
    const firstWait = Date.parse(view.nextRetryAt!) - Date.parse(view.history.at(-1)!.at);
    expect(firstWait).toBeGreaterThanOrEqual(12 * MINUTE);
    expect(firstWait).toBeLessThanOrEqual(18 * MINUTE);

    await stack.advanceClock(20 * MINUTE);
    const again = await stack.until(handle, ({ nextRetryAt }) => nextRetryAt !== view.nextRetryAt);
    expect(again.history).toEqual(view.history); // an automatic retry adds no history entry
    await stack.advanceClock(40 * MINUTE);
    await stack.untilStatus(handle, 'awaitingAcceptance');
    await accepted(handle);
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated' });
  });

  test('before the invitation, the customer still gets the full time once access is back', async () => {
    await stack.control.faults({ on: 'createAttestation', status: 403, times: 4 });
    const handle = await stack.startOnboarding(attestedRequest({ attestation: { expirationInMinutes: 5 } }));
    await stack.untilStatus(handle, 'needsAttention');
    await stack.advanceClock(10 * 60 * MINUTE);
    const view = await stack.until(handle, ({ history }) =>
      history.some(({ status }) => status === 'awaitingAcceptance'),
    );
    const waitingSince = view.history.find(({ status }) => status === 'awaitingAcceptance')!.at;
    expect(Date.parse(view.acceptBy!) - Date.parse(waitingSince)).toBeGreaterThan(4 * MINUTE);
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'expired' });
  });

  test('after an acceptance the end of the link has no effect', async () => {
    const handle = await stack.startInvited(attestedRequest({ attestation: { expirationInMinutes: 5 } }));
    await stack.control.faults({ on: 'createAgreement', status: 401, times: 2 });
    await accepted(handle);
    expect(await stack.untilStatus(handle, 'needsAttention')).toMatchObject({
      attentionReason: 'access',
      problem: { type: 'AuthenticationRejected' },
    });
    await stack.advanceClock(20 * MINUTE);
    const result = await handle.result();
    expect(result).toMatchObject({ outcome: 'agreementCreated' });
    const { acceptBy, completedAt } = await stack.untilStatus(handle, 'agreementCreated');
    expect(completedAt! > acceptBy!).toBe(true);
    expect(result.dateAgreed! < acceptBy!).toBe(true);
  });

  test('retry makes a run that needs attention try at once; at other times it is ignored', async () => {
    await stack.control.faults({ on: 'createAgreement', status: 404 });
    const handle = await stack.startInvited();
    await handle.signal(retrySignal);
    await accepted(handle);
    expect(await stack.untilStatus(handle, 'needsAttention')).toMatchObject({ attentionReason: 'customerUnknown' });
    await handle.signal(retrySignal);
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated' });
  });
});

describe('Partner Center is down', () => {
  test('after a day of 503 the run needs attention, and retry creates the agreement with the same request id', async () => {
    await stack.control.faults({ on: 'createAgreement', status: 503, times: 'always' });
    const handle = await stack.startInvited();
    await accepted(handle);
    await stack.untilStatus(handle, 'creatingAgreement');
    await stack.advanceClock(25 * 60 * MINUTE);
    expect(await stack.untilStatus(handle, 'needsAttention')).toMatchObject({
      attentionReason: 'retriesUsedUp',
      problem: { type: 'PartnerCenterUnavailable', status: 503 },
    });
    await stack.control.faults();
    await handle.signal(retrySignal);
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated' });
    expect(new Set(requestIds(await stack.control.journal('createAgreement'))).size).toBe(1);
  }, 120_000);
});

describe('the primary contact method, without an attestation', () => {
  test('creates the agreement at once from the contact in the request', async () => {
    const queue = stack.newTaskQueue();
    await stack.startWorker({ taskQueue: queue, settings: { allowPrimaryContactMethod: true, defaultUserId: 'u-1' } });
    const request = primaryContactRequest();
    const handle = await stack.startOnboarding(request, queue);
    await expect(handle.result()).resolves.toMatchObject({
      outcome: 'agreementCreated',
      dateAgreed: request.agreement.dateAgreed,
    });
    const [call] = await stack.control.journal('createAgreement');
    expect(call!.body).toEqual({
      userId: 'u-1',
      primaryContact: request.agreement.primaryContact,
      templateId: '117a77b0-9360-443b-8795-c6dedc750cf9',
      dateAgreed: request.agreement.dateAgreed,
      type: 'MicrosoftCustomerAgreement',
    });
    expect(await stack.control.journal('createAttestation')).toHaveLength(0);
  });

  test('needs attention where it is switched off', async () => {
    const handle = await stack.startOnboarding(primaryContactRequest());
    expect(await stack.untilStatus(handle, 'needsAttention')).toMatchObject({
      attentionReason: 'access',
      problem: { type: 'PrimaryContactMethodOff' },
    });
    expect(await stack.control.journal('createAgreement')).toHaveLength(0);
    await handle.terminate();
  });
});
