import { checkConsistency, type Evidence } from '../../../../tools/test-bed/consistency-check';
import type { Deal, DealRecord } from '../../../../tools/test-bed/deals';
import type { DealOutcome } from '../../../../tools/test-bed/outcomes';
import type { Call } from '../../../../tools/test-bed/simulator-client';

const deal: Deal = {
  dealId: 'chaos-1-0001',
  customerId: '11111111-1111-4111-8111-111111111111',
  acceptanceId: '22222222-2222-4222-8222-222222222222',
  startsAtMs: 0,
  acceptsAtMs: 1_000,
};

function buildCall(requestId: string, fields: Partial<Call>): Call {
  return {
    operation: 'createAgreement',
    customerId: deal.customerId,
    headers: { 'ms-requestid': requestId },
    status: 201,
    effect: 'answer',
    committed: false,
    ...fields,
  };
}

const created = buildCall('r1', { committed: true });
const createdWithLostAnswer = buildCall('r1', { committed: true, status: null, effect: 'loseAnswer' });
const duplicate = (requestId: string) => buildCall(requestId, { status: 400 });

/** The evidence of one successful deal, with the given members changed. */
function buildEvidence(
  overrides: Partial<Omit<Evidence, 'records' | 'outcomes'>> & {
    record?: Partial<DealRecord>;
    outcome?: DealOutcome;
    agreementsOfCustomer?: number;
  } = {},
): Evidence {
  const { record, outcome, agreementsOfCustomer = 1, ...rest } = overrides;
  const agreements = Array.from({ length: agreementsOfCustomer }, () => ({ attestationId: null }));
  return {
    records: [{ deal, started: true, accepted: true, acknowledged: 'recorded', repeats: 0, ...record }],
    agreements: { total: agreements.length, customers: { [deal.customerId]: agreements } },
    calls: [created],
    outcomes: new Map([
      [deal.dealId, outcome ?? { status: 'agreementCreated', settled: true, createdBy: 'thisOnboarding' }],
    ]),
    secondsToDrain: 12,
    ...rest,
  };
}

test('passes when every acknowledged acceptance has become one agreement', () => {
  expect(checkConsistency(buildEvidence())).toMatchObject({
    passed: true,
    acknowledged: { recorded: 1, stored: 0 },
    agreements: 1,
  });
});

test('passes when a deal without an agreement needs attention', () => {
  const outcome: DealOutcome = { status: 'needsAttention', settled: true, reason: 'refused' };
  expect(checkConsistency(buildEvidence({ outcome, agreementsOfCustomer: 0, calls: [] })).passed).toBe(true);
});

test.each<[string, DealOutcome]>([
  ['still waits for the customer', { status: 'awaitingAcceptance', settled: false }],
  ['has expired', { status: 'expired', settled: true }],
  ['claims an agreement that does not exist', { status: 'agreementCreated', settled: true }],
  ['is unknown to Temporal', { status: 'unknown', settled: false }],
])('counts an acknowledged acceptance as lost when its deal %s', (_what, outcome) => {
  const check = checkConsistency(buildEvidence({ outcome, agreementsOfCustomer: 0, calls: [] }));
  expect(check).toMatchObject({ passed: false, lost: [deal.dealId] });
});

test('does not count an acceptance as lost that was never acknowledged', () => {
  const outcome: DealOutcome = { status: 'expired', settled: true };
  const record = { acknowledged: undefined };
  const check = checkConsistency(buildEvidence({ record, outcome, agreementsOfCustomer: 0, calls: [] }));
  expect(check).toMatchObject({ passed: true, lost: [] });
});

test('counts a second agreement of the same customer', () => {
  expect(checkConsistency(buildEvidence({ agreementsOfCustomer: 2 }))).toMatchObject({
    passed: false,
    createdTwice: [deal.dealId],
  });
});

test('counts createdBy "earlier" for our own agreement as a wrong outcome', () => {
  const outcome: DealOutcome = { status: 'agreementAlreadyExists', settled: true, createdBy: 'earlier' };
  expect(checkConsistency(buildEvidence({ outcome, calls: [createdWithLostAnswer, duplicate('r1')] }))).toMatchObject({
    passed: false,
    wrongOutcomes: [deal.dealId],
    ownDuplicates: { earlier: 1 },
  });
});

test('counts an outcome without agreement as wrong when the agreement exists', () => {
  const outcome: DealOutcome = { status: 'expired', settled: true };
  expect(checkConsistency(buildEvidence({ outcome }))).toMatchObject({ passed: false, wrongOutcomes: [deal.dealId] });
});

test('allows createdBy "unknown" after a lost answer', () => {
  const outcome: DealOutcome = { status: 'agreementAlreadyExists', settled: true, createdBy: 'unknown' };
  expect(checkConsistency(buildEvidence({ outcome, calls: [createdWithLostAnswer, duplicate('r1')] }))).toMatchObject({
    passed: true,
    ownDuplicates: { unknown: 1 },
  });
});

test('counts a repeated call with a request id that Partner Center cannot recognise', () => {
  expect(checkConsistency(buildEvidence({ calls: [createdWithLostAnswer, duplicate('r2')] }))).toMatchObject({
    passed: false,
    newRequestIds: [deal.dealId],
  });
});

test('allows a new request id after a refusal', () => {
  const calls = [buildCall('r1', { status: 403 }), buildCall('r2', { committed: true })];
  expect(checkConsistency(buildEvidence({ calls })).passed).toBe(true);
});

test.each([undefined, 60.1])('fails when draining took %p seconds', (secondsToDrain) => {
  expect(checkConsistency({ ...buildEvidence(), secondsToDrain })).toMatchObject({ passed: false, lost: [] });
});
