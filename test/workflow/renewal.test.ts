import type { AttestedRequest } from '../../src/onboarding/request';
import {
  customerAcceptedSignal,
  pageVisitedSignal,
  recordAcceptanceUpdate,
  renewAttestationUpdate,
  retrySignal,
} from '../../src/workflows/messages';
import { attestedRequest } from '../support/requests';
import { getRefusal } from '../support/refusal';
import { type Handle, TestStack } from '../support/test-stack';

const MINUTE = 60_000;

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'timeSkipping', worker: true });
});
afterAll(() => stack?.close());
beforeEach(() => stack.control.reset());

/** A deal whose link lives for half an hour and whose attestations live for five minutes. */
function requestWithLongLink(overrides: Partial<Omit<AttestedRequest, 'attestation'>> = {}): AttestedRequest {
  return attestedRequest({ attestation: { expirationInMinutes: 5 }, linkValidForMinutes: 30, ...overrides });
}

function invited(request = requestWithLongLink()): Promise<Handle> {
  return stack.startInvited(request);
}

async function expireAttestation(handle: Handle): Promise<void> {
  await stack.advanceClock(6 * MINUTE);
  await stack.until(handle, ({ attestation }) => attestation?.live === false);
}

describe('an attestation expires before its link', () => {
  test('a renewal creates the next attestation, and the link’s end stays the same', async () => {
    const handle = await invited();
    const before = await stack.untilStatus(handle, 'awaitingAcceptance');
    await expireAttestation(handle);
    const renewed = await handle.executeUpdate(renewAttestationUpdate);
    expect(renewed.round).toBe(2);
    const after = await stack.untilStatus(handle, 'awaitingAcceptance');
    expect(after.attestation).toMatchObject({ round: 2, live: true, expiresAt: renewed.expiresAt });
    expect(after.attestation!.id).not.toBe(before.attestation!.id);
    expect(after.acceptBy).toBe(before.acceptBy);

    await stack.control.accept(after.attestation!.id);
    await handle.signal(customerAcceptedSignal);
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated' });
    const [call] = await stack.control.journal('createAgreement');
    expect(call!.body['attestationId']).toBe(after.attestation!.id);
  });

  test('while one is live, the update returns it and creates none', async () => {
    const handle = await invited();
    const { attestation } = await stack.untilStatus(handle, 'awaitingAcceptance');
    const answers = await Promise.all([
      handle.executeUpdate(renewAttestationUpdate),
      handle.executeUpdate(renewAttestationUpdate),
    ]);
    const live = { round: 1, expiresAt: attestation!.expiresAt };
    expect(answers).toEqual([live, live]);
    expect(await stack.control.journal('createAttestation')).toHaveLength(1);
    await handle.terminate();
  });

  test('two renewals at once create one attestation', async () => {
    const handle = await invited();
    await expireAttestation(handle);
    const answers = await Promise.all([
      handle.executeUpdate(renewAttestationUpdate),
      handle.executeUpdate(renewAttestationUpdate),
    ]);
    expect(answers.map(({ round }) => round)).toEqual([2, 2]);
    expect(await stack.control.journal('createAttestation')).toHaveLength(2);
    await handle.terminate();
  });

  test('an acceptance for an earlier round uses that round’s attestation', async () => {
    const handle = await invited();
    const { attestation } = await stack.untilStatus(handle, 'awaitingAcceptance');
    await stack.control.accept(attestation!.id);
    await expireAttestation(handle);
    await handle.executeUpdate(renewAttestationUpdate);
    await handle.executeUpdate(recordAcceptanceUpdate, { args: [{ round: 1 }] });
    const result = await handle.result();
    expect(result).toMatchObject({ outcome: 'agreementCreated', dateAgreed: attestation!.expiresAt });
    const [call] = await stack.control.journal('createAgreement');
    expect(call!.body['attestationId']).toBe(attestation!.id);
  });

  test('a renewal without access needs attention; retry creates the attestation', async () => {
    const handle = await invited();
    await expireAttestation(handle);
    await stack.control.faults({ on: 'createAttestation', status: 403 });
    expect(await getRefusal(handle.executeUpdate(renewAttestationUpdate))).toBe('NotRenewed');
    expect(await stack.untilStatus(handle, 'needsAttention')).toMatchObject({ attentionReason: 'access' });
    expect(await getRefusal(handle.executeUpdate(renewAttestationUpdate))).toBe('NeedsAttention');
    await handle.signal(retrySignal);
    await stack.until(handle, ({ attestation, status }) => attestation?.round === 2 && status === 'awaitingAcceptance');
    await handle.terminate();
  });

  test('a run that needs attention during a renewal expires with its link', async () => {
    const handle = await invited();
    await expireAttestation(handle);
    await stack.control.faults({ on: 'createAttestation', status: 400, body: { code: 1 } });
    expect(await getRefusal(handle.executeUpdate(renewAttestationUpdate))).toBe('NotRenewed');
    await stack.untilStatus(handle, 'needsAttention');
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'expired' });
  });

  test('an acceptance for the earlier round resumes a run that needs attention during a renewal', async () => {
    const handle = await invited();
    await stack.control.accept();
    await expireAttestation(handle);
    await stack.control.faults({ on: 'createAttestation', status: 400, body: { code: 1 } });
    expect(await getRefusal(handle.executeUpdate(renewAttestationUpdate))).toBe('NotRenewed');
    await handle.signal(customerAcceptedSignal, { round: 1 });
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated' });
  });

  test('an acceptance does not wait for a renewal that Partner Center does not answer', async () => {
    const handle = await invited();
    await stack.control.accept();
    await expireAttestation(handle);
    await stack.control.faults({ on: 'createAttestation', status: 503, times: 'always' });
    const renewal = getRefusal(handle.executeUpdate(renewAttestationUpdate));
    await stack.until(handle, ({ attestation }) => attestation !== undefined);
    await stack.control.waitForCalls('createAttestation', 2);
    await handle.signal(customerAcceptedSignal, { round: 1 });
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated' });
    expect(await renewal).toBe('NotRenewed');
  });

  test('before the invitation and after a decision a renewal is refused', async () => {
    await stack.control.faults({ on: 'createAttestation', status: 403 }, { on: 'createAgreement', status: 403 });
    const handle = await stack.startOnboarding(requestWithLongLink());
    await stack.untilStatus(handle, 'needsAttention');
    expect(await getRefusal(handle.executeUpdate(renewAttestationUpdate))).toBe('NotYetInvited');
    await handle.signal(retrySignal);
    await stack.untilStatus(handle, 'awaitingAcceptance');
    await handle.signal(customerAcceptedSignal);
    await stack.untilStatus(handle, 'needsAttention');
    expect(await getRefusal(handle.executeUpdate(renewAttestationUpdate))).toBe('Answered');
    await handle.terminate();
  });
});

describe('visits of the page', () => {
  test('the first and the last opening and the first use of the frame are kept', async () => {
    const handle = await invited();
    const { createdAt } = await stack.untilStatus(handle, 'awaitingAcceptance');
    await handle.signal(pageVisitedSignal, { event: 'opened', round: 1, at: createdAt });
    await handle.signal(pageVisitedSignal, { event: 'frameUsed', round: 1, at: createdAt });
    await stack.advanceClock(MINUTE);
    await handle.signal('pageVisited', { event: 'opened', at: 'nonsense' });
    await handle.signal('pageVisited', 'nonsense');
    const { page } = await stack.until(handle, (view) => view.page?.lastOpenedAt !== createdAt);
    expect(page).toMatchObject({ firstOpenedAt: createdAt, frameUsedAt: createdAt });
    await handle.terminate();
  });

  test('a run that expires although the frame was used says that the acceptance is unconfirmed', async () => {
    const handle = await invited(attestedRequest({ attestation: { expirationInMinutes: 5 } }));
    await handle.signal('pageVisited', { event: 'frameUsed', round: 1, at: new Date().toISOString() });
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'expired', acceptanceUnconfirmed: true });
  });

  test('many visits do not grow the state', async () => {
    const handle = await invited();
    await Promise.all(
      Array.from({ length: 300 }, () => handle.signal('pageVisited', { event: 'opened', round: 1, at: 'now' })),
    );
    await stack.control.accept();
    await handle.signal(customerAcceptedSignal);
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated' });
  });
});
