import type { Entry } from '../../../bench/chaos/ledger';
import { readOptions } from '../../../bench/chaos/options';
import { type Deal, planOf } from '../../../bench/chaos/plan';
import type { Settlement } from '../../../bench/chaos/settlements';
import { type Evidence, verdictOf } from '../../../bench/chaos/verdict';
import type { Call } from '../../../bench/stack/simulator';

const deal: Deal = {
  dealId: 'chaos-1-0001',
  customerId: '11111111-1111-4111-8111-111111111111',
  acceptanceId: '22222222-2222-4222-8222-222222222222',
  closesAtMs: 0,
  customerComesAtMs: 1_000,
};

function call(requestId: string, outcome: Partial<Call>): Call {
  return {
    operation: 'createAgreement',
    customerId: deal.customerId,
    headers: { 'ms-requestid': requestId },
    status: 201,
    effect: 'answer',
    committed: false,
    ...outcome,
  };
}

const created = call('r1', { committed: true });
const createdUnheard = call('r1', { committed: true, status: null, effect: 'loseAnswer' });
const duplicate = (requestId: string) => call(requestId, { status: 400 });

/** One deal that went well, but for what is given. */
function evidence(
  overrides: Partial<Omit<Evidence, 'ledger' | 'settlements'>> & {
    entry?: Partial<Entry>;
    settlement?: Settlement;
    agreementsOfTheCustomer?: number;
  } = {},
): Evidence {
  const { entry, settlement, agreementsOfTheCustomer = 1, ...rest } = overrides;
  const agreements = Array.from({ length: agreementsOfTheCustomer }, () => ({ attestationId: null }));
  return {
    ledger: [{ deal, started: true, accepted: true, acknowledged: 'recorded', repeats: 0, ...entry }],
    agreements: { total: agreements.length, customers: { [deal.customerId]: agreements } },
    calls: [created],
    settlements: new Map([
      [deal.dealId, settlement ?? { status: 'agreementCreated', settled: true, createdBy: 'thisOnboarding' }],
    ]),
    secondsToDrain: 12,
    ...rest,
  };
}

describe('the verdict of a chaos run', () => {
  test('is good when every acknowledged acceptance has become one agreement', () => {
    expect(verdictOf(evidence())).toMatchObject({
      kept: true,
      acknowledged: { recorded: 1, stored: 0 },
      agreements: 1,
    });
  });

  test('is good when a deal without an agreement stands in front of an operator', () => {
    const settlement: Settlement = { status: 'needsAttention', settled: true, reason: 'refused' };
    expect(verdictOf(evidence({ settlement, agreementsOfTheCustomer: 0, calls: [] })).kept).toBe(true);
  });

  test.each<[string, Settlement]>([
    ['still waits for the customer', { status: 'awaitingAcceptance', settled: false }],
    ['has expired', { status: 'expired', settled: true }],
    ['claims an agreement that is not there', { status: 'agreementCreated', settled: true }],
    ['is unknown to Temporal', { status: 'unknown', settled: false }],
  ])('counts an acknowledged acceptance as lost when its deal %s', (_what, settlement) => {
    const verdict = verdictOf(evidence({ settlement, agreementsOfTheCustomer: 0, calls: [] }));
    expect(verdict).toMatchObject({ kept: false, lost: [deal.dealId] });
  });

  test('does not call lost what was never acknowledged', () => {
    const ledger = evidence().ledger.map(({ deal: known }) => ({
      deal: known,
      started: true,
      accepted: true,
      repeats: 0,
    }));
    const settlement: Settlement = { status: 'expired', settled: true };
    const verdict = verdictOf({ ...evidence({ settlement, agreementsOfTheCustomer: 0, calls: [] }), ledger });
    expect(verdict).toMatchObject({ kept: true, lost: [] });
  });

  test('counts a second agreement of the same customer', () => {
    expect(verdictOf(evidence({ agreementsOfTheCustomer: 2 }))).toMatchObject({
      kept: false,
      createdTwice: [deal.dealId],
    });
  });

  test('counts "created by someone else earlier" about an agreement of our own as a wrong claim', () => {
    const settlement: Settlement = { status: 'agreementAlreadyExists', settled: true, createdBy: 'earlier' };
    expect(verdictOf(evidence({ settlement, calls: [createdUnheard, duplicate('r1')] }))).toMatchObject({
      kept: false,
      wrongClaims: [deal.dealId],
      absorbed600061: { earlier: 1 },
    });
  });

  test('counts an end without agreement as a wrong claim when there is one', () => {
    const settlement: Settlement = { status: 'expired', settled: true };
    expect(verdictOf(evidence({ settlement }))).toMatchObject({ kept: false, wrongClaims: [deal.dealId] });
  });

  test('accepts "perhaps our own" after a lost answer', () => {
    const settlement: Settlement = { status: 'agreementAlreadyExists', settled: true, createdBy: 'unknown' };
    expect(verdictOf(evidence({ settlement, calls: [createdUnheard, duplicate('r1')] }))).toMatchObject({
      kept: true,
      absorbed600061: { unknown: 1 },
    });
  });

  test('counts a repetition that Partner Center cannot recognise by its request id', () => {
    expect(verdictOf(evidence({ calls: [createdUnheard, duplicate('r2')] }))).toMatchObject({
      kept: false,
      renamedRepeats: [deal.dealId],
    });
  });

  test('accepts a new request id after a refusal', () => {
    expect(verdictOf(evidence({ calls: [call('r1', { status: 403 }), call('r2', { committed: true })] })).kept).toBe(
      true,
    );
  });

  test.each([undefined, 60.1])('is bad when the drain took %p seconds', (secondsToDrain) => {
    expect(verdictOf({ ...evidence(), secondsToDrain })).toMatchObject({ kept: false, lost: [] });
  });
});

describe('the plan of a chaos run', () => {
  const planWith = (...args: string[]) => planOf(readOptions(['--onboardings', '50', ...args])!);

  test('is the same for the same seed and another for another', () => {
    expect(planWith('--seed', '7')).toEqual(planWith('--seed', '7'));
    expect(planWith('--seed', '7')).not.toEqual(planWith('--seed', '8'));
  });

  test('kills workers only, or the servers as well', () => {
    const victims = (...args: string[]) => new Set(planWith(...args).kills.map(({ victim }) => victim));
    expect(victims('--kill', 'worker')).toEqual(new Set(['worker-1', 'worker-2']));
    expect(victims('--kill', 'server')).toEqual(new Set(['worker-1', 'worker-2', 'temporal', 'gateway']));
    expect(victims('--kill', 'server', '--door', 'temporal')).not.toContain('gateway');
  });

  test('lets no customer come before the deal has closed', () => {
    for (const { closesAtMs, customerComesAtMs } of planWith('--seconds', '1').deals) {
      expect(customerComesAtMs).toBeGreaterThan(closesAtMs);
    }
  });

  test('names every wrong option at once', () => {
    const read = () => readOptions(['--onboardings', '0', '--kill', 'cat', '--rate-503', '0.9']);
    expect(read).toThrow(/--onboardings is "0".*\n.*--kill is "cat".*\n.*rates add up to 1\.10/);
  });
});
