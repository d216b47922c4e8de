import fc from 'fast-check';
import type { Acceptance, Receipt } from '../../../src/onboarding/acceptance';
import type { Problem } from '../../../src/onboarding/view';
import {
  addRound,
  createState,
  getDateAgreed,
  getDeclineRejection,
  setStatus,
  type OnboardingState,
  recordAcceptance,
  refuseAcceptance,
  getAcceptanceRejection,
  reinstateAcceptance,
  requireAttention,
} from '../../../src/workflows/state';
import { addMinutes } from '../../../src/workflows/time';
import { attestedRequest } from '../../support/requests';

const START = '2026-11-24T12:00:00.000Z';
const problem: Problem = { type: 'AgreementRefused', title: 'refused', at: START };

const at = (minutes: number) => Date.parse(addMinutes(START, minutes));
const iso = (minutes: number) => addMinutes(START, minutes);

function waiting(options: Parameters<typeof attestedRequest>[0] = {}): OnboardingState {
  const state = addRound(createState('creatingAttestation', START), attestedRequest(options), {
    attestationId: 'first',
    requestedAt: START,
  });
  return setStatus(state, 'awaitingAcceptance', START);
}

let ids = 0;
const newId = () => `generated-${++ids}`;

function accept(state: OnboardingState, acceptance: Acceptance, minutes: number) {
  return recordAcceptance(state, acceptance, newId, at(minutes));
}

describe('rounds', () => {
  test('the first attestation sets the end of the link', () => {
    expect(waiting().acceptBy).toBe(iso(60));
    expect(waiting({ attestation: { expirationInMinutes: 5 } }).acceptBy).toBe(iso(5));
    expect(waiting({ linkValidForMinutes: 600 }).acceptBy).toBe(iso(600));
  });

  test('a later one does not change it', () => {
    const state = addRound(waiting(), attestedRequest(), { attestationId: 'second', requestedAt: iso(30) });
    expect(state.acceptBy).toBe(iso(60));
    expect(state.rounds.map(({ expiresAt }) => expiresAt)).toEqual([iso(60), iso(90)]);
  });
});

describe('the time of an acceptance', () => {
  test.each([
    ['before its attestation was requested', -1, 20, 20],
    ['in the past', 10, 20, 10],
    ['within the clock tolerance', 24, 20, 24],
    ['too far ahead', 26, 20, 20],
  ])('claimed %s: %d at %d counts as %d', (_name, claimed, received, counted) => {
    const { receipt, state } = accept(waiting(), { acceptedAt: iso(claimed) }, received);
    expect(receipt.acceptedAt).toBe(iso(counted));
    expect(state.acceptance?.claimedAcceptedAt).toBe(claimed === counted ? undefined : iso(claimed));
  });

  test('an acceptance claimed after the end of the link is too late', () => {
    expect(getAcceptanceRejection(waiting(), { acceptedAt: iso(61) }, at(60))).toBe('tooLate');
    expect(getAcceptanceRejection(waiting(), { acceptedAt: iso(60) }, at(90))).toBeUndefined();
  });

  test('an acceptance without a time counts as long as the run waits', () => {
    expect(getAcceptanceRejection(waiting(), {}, at(90))).toBeUndefined();
  });

  test('the date of the agreement is never after the end of its attestation', () => {
    const [round] = waiting({ linkValidForMinutes: 600 }).rounds;
    const receipt = (minutes: number): Receipt => ({ acceptedAt: iso(minutes), acceptanceId: 'a', round: 1 });
    expect(getDateAgreed(receipt(59), round)).toBe(iso(59));
    expect(getDateAgreed(receipt(300), round)).toBe(iso(60));
  });
});

describe('acceptances', () => {
  test('nothing can be accepted before the first attestation', () => {
    expect(getAcceptanceRejection(createState('creatingAttestation', START), {}, at(0))).toBe('notYetInvited');
  });

  test('nothing can be accepted after a decline', () => {
    const state = { ...waiting(), decline: { code: 'other', declinedAt: iso(1) } } as const;
    expect(getAcceptanceRejection(state, {}, at(2))).toBe('declined');
  });

  test('an acceptance belongs to the round it names, otherwise to the last one', () => {
    const state = addRound(waiting(), attestedRequest(), { attestationId: 'second', requestedAt: iso(30) });
    expect(accept(state, { round: 1 }, 40).receipt.round).toBe(1);
    expect(accept(state, {}, 40).receipt.round).toBe(2);
    expect(accept(state, { round: 7 }, 40).receipt.round).toBe(2);
  });

  test('after a refusal the same id gets the same receipt, and another id starts a new try', () => {
    const first = accept(waiting(), { acceptanceId: 'a' }, 1);
    const refused = refuseAcceptance(first.state, problem);
    expect(refused.isAccepted).toBe(false);
    const repeated = accept(refused, { acceptanceId: 'a' }, 2);
    expect(repeated).toEqual({ state: refused, receipt: first.receipt });
    const second = accept(refused, { acceptanceId: 'b' }, 3);
    expect(second.state.isAccepted).toBe(true);
    expect(second.receipt.acceptedAt).toBe(iso(3));
    expect(accept(refused, {}, 3).state.isAccepted).toBe(true);
  });

  test('an acceptance that was reported in time may be repeated after the end of the link', () => {
    const refused = refuseAcceptance(accept(waiting(), {}, 59).state, problem);
    expect(getAcceptanceRejection(refused, { acceptedAt: iso(70) }, at(70))).toBeUndefined();
  });

  test('in any order, one acceptance counts and every id keeps its receipt', () => {
    const acceptance = fc.record(
      { acceptanceId: fc.constantFrom('a', 'b', 'c', '__proto__'), round: fc.integer({ min: 1, max: 3 }) },
      { requiredKeys: [] },
    );
    const step = fc.oneof(fc.record({ accept: acceptance }), fc.constant('refuse'), fc.constant('reinstate'));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const receipts = new Map<string, Receipt>();
        let state = waiting();
        for (const [minute, next] of steps.entries()) {
          if (next === 'refuse') {
            if (state.isAccepted) state = refuseAcceptance(state, problem);
          } else if (next === 'reinstate') {
            if (state.acceptance) state = reinstateAcceptance(state);
          } else if (typeof next === 'object') {
            const before = state;
            const { receipt, state: after } = accept(state, next.accept, minute);
            const id = next.accept.acceptanceId;
            if (id !== undefined) {
              expect(receipts.get(id) ?? receipt).toEqual(receipt);
              receipts.set(id, receipt);
            }
            if (before.isAccepted) expect(after.acceptance).toEqual(before.acceptance);
            state = after;
          }
        }
      }),
    );
  });
});

test('a decline is refused before the invitation and after an acceptance, but not after the refusal of the acceptance', () => {
  expect(getDeclineRejection(createState('creatingAttestation', START))).toBe('notYetInvited');
  const accepted = accept(waiting(), {}, 1).state;
  expect(getDeclineRejection(accepted)).toBe('accepted');
  expect(getDeclineRejection(refuseAcceptance(accepted, problem))).toBeUndefined();
});

test('leaving needsAttention clears its reason, and setting the same status twice adds one history entry', () => {
  const stopped = requireAttention(waiting(), { reason: 'access', problem, nextRetryAt: iso(15) }, iso(1));
  const again = requireAttention(stopped, { reason: 'access', problem, nextRetryAt: iso(45) }, iso(16));
  expect(again.history).toHaveLength(3);
  const back = setStatus(stopped, 'awaitingAcceptance', iso(20));
  expect(back).toMatchObject({ attentionReason: undefined, nextRetryAt: undefined });
  expect(back.history.at(-1)).toEqual({ status: 'awaitingAcceptance', at: iso(20) });
});
