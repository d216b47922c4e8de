import { WorkflowNotFoundError } from '@temporalio/client';
import { customerAcceptedSignal, declineUpdate, recordAcceptanceUpdate } from '../../src/workflows/messages';
import { attestedRequest } from '../support/requests';
import { getRefusal } from '../support/refusal';
import { TestStack } from '../support/test-stack';

const MINUTE = 60_000;

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'timeSkipping', worker: true });
});
afterAll(() => stack?.close());
beforeEach(() => stack.control.reset());

describe('the customer accepts', () => {
  test('a signal without an argument creates the agreement', async () => {
    const handle = await stack.startInvited();
    await stack.control.accept();
    await handle.signal(customerAcceptedSignal);
    const result = await handle.result();
    expect(result).toMatchObject({
      outcome: 'agreementCreated',
      createdBy: 'thisOnboarding',
      attempt: 1,
      agreement: { type: 'MicrosoftCustomerAgreement', templateId: '117a77b0-9360-443b-8795-c6dedc750cf9' },
    });
    const view = await stack.untilStatus(handle, 'agreementCreated');
    expect(view.history.map(({ status }) => status)).toEqual([
      'creatingAttestation',
      'awaitingAcceptance',
      'creatingAgreement',
      'agreementCreated',
    ]);
    expect(view.result).toEqual(result);
    expect(view.completedAt).toBe(view.history.at(-1)?.at);
  });

  test('an update answers with the receipt, and the same id always gets the same one', async () => {
    const handle = await stack.startInvited();
    await stack.control.accept();
    const acceptance = { acceptanceId: 'a-1', source: 'page', actor: 'someone' } as const;
    const receipt = await handle.executeUpdate(recordAcceptanceUpdate, { args: [acceptance] });
    expect(receipt).toMatchObject({ acceptanceId: 'a-1', round: 1 });
    const [result] = await Promise.all([
      handle.result(),
      handle.executeUpdate(recordAcceptanceUpdate, { args: [acceptance] }).then(
        (again) => expect(again).toEqual(receipt),
        (error: unknown) => expect(error).toBeInstanceOf(WorkflowNotFoundError), // the run was quicker
      ),
    ]);
    expect(result.acceptedAt).toBe(receipt.acceptedAt);
  });

  test('further signals and updates change nothing: one agreement, one receipt', async () => {
    await stack.control.faults({ on: 'createAgreement', delayMs: 500 });
    const handle = await stack.startInvited();
    await stack.control.accept();
    await handle.signal(customerAcceptedSignal, { acceptanceId: 'first' });
    await handle.signal(customerAcceptedSignal, { acceptanceId: 'second' });
    const receipt = await handle.executeUpdate(recordAcceptanceUpdate, { args: [{ acceptanceId: 'third' }] });
    expect(receipt.acceptanceId).toBe('first');
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated' });
    expect(await stack.control.journal('createAgreement')).toHaveLength(1);
  });

  test('an update after the end of the run fails', async () => {
    const handle = await stack.startInvited();
    await stack.control.accept();
    await handle.signal(customerAcceptedSignal);
    await handle.result();
    await expect(handle.executeUpdate(recordAcceptanceUpdate, { args: [{}] })).rejects.toThrow(WorkflowNotFoundError);
  });

  test('invalid members of an acceptance are dropped, and the acceptance counts', async () => {
    const handle = await stack.startInvited();
    await stack.control.accept();
    await handle.signal('customerAccepted', { round: 'x', source: 'moon', actor: 7, acceptanceId: 'kept', more: 1 });
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated' });
    const { acceptance } = await stack.untilStatus(handle, 'agreementCreated');
    expect(acceptance).toEqual({ acceptanceId: 'kept', round: 1, acceptedAt: expect.any(String) });
  });

  test.each(['just a text', 42, null, ['a list']])('a signal that carries %p still counts', async (argument) => {
    const handle = await stack.startInvited();
    await stack.control.accept();
    await handle.signal('customerAccepted', argument);
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated' });
  });

  test('an impossible acceptedAt is replaced by the time of receipt and kept as claimed', async () => {
    const handle = await stack.startInvited();
    await stack.control.accept();
    const receipt = await handle.executeUpdate(recordAcceptanceUpdate, {
      args: [{ acceptedAt: '1899-12-31T23:59:59Z' }],
    });
    await handle.result();
    const view = await stack.untilStatus(handle, 'agreementCreated');
    expect(receipt.acceptedAt >= view.createdAt).toBe(true);
    expect(view.acceptance).toMatchObject({ claimedAcceptedAt: '1899-12-31T23:59:59Z' });
    const [call] = await stack.control.journal('createAgreement');
    expect(call!.body['dateAgreed']).toBe(receipt.acceptedAt);
  });

  test('before the attestation exists an update is refused and a signal is ignored', async () => {
    await stack.control.faults({ on: 'createAttestation', delayMs: 1_000 });
    const handle = await stack.startOnboarding(attestedRequest());
    await handle.signal(customerAcceptedSignal);
    expect(await getRefusal(handle.executeUpdate(recordAcceptanceUpdate, { args: [{}] }))).toBe('NotYetInvited');
    await stack.untilStatus(handle, 'awaitingAcceptance');
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'expired' });
  });
});

describe('the customer does not answer', () => {
  test.each([5, 60, 10_080])('the run expires after %d minutes', async (expirationInMinutes) => {
    const handle = await stack.startInvited(attestedRequest({ attestation: { expirationInMinutes } }));
    const { acceptBy, attestation } = await stack.untilStatus(handle, 'awaitingAcceptance');
    expect(attestation!.expiresAt).toBe(acceptBy);
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'expired' });
    const { createdAt, completedAt } = await stack.untilStatus(handle, 'expired');
    const waited = Date.parse(completedAt!) - Date.parse(createdAt);
    expect(waited).toBeGreaterThanOrEqual(expirationInMinutes * MINUTE);
    expect(waited).toBeLessThan(expirationInMinutes * MINUTE + 5_000);
    expect(Date.parse(completedAt!)).toBeGreaterThanOrEqual(Date.parse(acceptBy!));
  });

  test('by default the attestation is valid for 60 minutes, and the call leaves the value out', async () => {
    const handle = await stack.startInvited();
    const { createdAt, acceptBy } = await stack.untilStatus(handle, 'awaitingAcceptance');
    expect(Date.parse(acceptBy!) - Date.parse(createdAt)).toBeGreaterThanOrEqual(60 * MINUTE);
    const [call] = await stack.control.journal('createAttestation');
    expect(call!.body).not.toHaveProperty('expirationInMinutes');
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'expired' });
  });

  test('a longer link keeps the run waiting after its attestation has expired', async () => {
    const request = attestedRequest({ attestation: { expirationInMinutes: 5 }, linkValidForMinutes: 30 });
    const handle = await stack.startInvited(request);
    await stack.advanceClock(6 * MINUTE);
    const view = await stack.until(handle, ({ attestation }) => attestation?.live === false);
    expect(view.status).toBe('awaitingAcceptance');
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'expired' });
  });

  test('an acceptance in the last second counts', async () => {
    const handle = await stack.startInvited(attestedRequest({ attestation: { expirationInMinutes: 5 } }));
    await stack.control.accept();
    const { acceptBy } = await stack.untilStatus(handle, 'awaitingAcceptance');
    await stack.advanceClock(Date.parse(acceptBy!) - (await stack.server.currentTimeMs()) - 900);
    await handle.signal(customerAcceptedSignal);
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated' });
  });
});

describe('the customer declines', () => {
  test('the run ends as declined, with the code and the comment', async () => {
    const handle = await stack.startInvited();
    const { declinedAt } = await handle.executeUpdate(declineUpdate, {
      args: [{ code: 'wrongPerson', comment: 'ask our lawyer' }],
    });
    const result = await handle.result();
    expect(result).toMatchObject({
      outcome: 'declined',
      decline: { code: 'wrongPerson', comment: 'ask our lawyer', declinedAt },
    });
    expect(await stack.control.journal('createAgreement')).toHaveLength(0);
  });

  test('a decline with an unknown code is refused', async () => {
    const handle = await stack.startInvited();
    const decline = handle.executeUpdate('decline', { args: [{ code: 'maybe' }] });
    expect(await getRefusal(decline)).toBe('InvalidDecline');
    await handle.terminate();
  });

  test('a decline is refused after an acceptance', async () => {
    await stack.control.faults({ on: 'createAgreement', delayMs: 1_000 });
    const handle = await stack.startInvited();
    await stack.control.accept();
    await handle.executeUpdate(recordAcceptanceUpdate, { args: [{}] });
    expect(await getRefusal(handle.executeUpdate(declineUpdate, { args: [{ code: 'other' }] }))).toBe('Accepted');
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated' });
  });
});

test('an invalid request fails the run at once with a clear message', async () => {
  const handle = await stack.startOnboarding({
    ...attestedRequest(),
    attestation: { expirationInMinutes: 3 },
  } as never);
  await expect(handle.result()).rejects.toMatchObject({
    cause: { type: 'InvalidRequest', nonRetryable: true, message: expect.stringContaining('from 5 to 10080') },
  });
});
