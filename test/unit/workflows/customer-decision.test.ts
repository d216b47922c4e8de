import type { AttestedRequest } from '../../../src/onboarding/request';
import { addRound, createState, type OnboardingState } from '../../../src/workflows/state';
import { addMinutes } from '../../../src/workflows/time';
import { getNextWakeUp } from '../../../src/workflows/customer-decision';
import { attestedRequest } from '../../support/requests';

const START = '2026-11-24T12:00:00.000Z';
const at = (minutes: number) => Date.parse(addMinutes(START, minutes));

const request: AttestedRequest = attestedRequest({
  linkValidForMinutes: 600,
  remindAfterMinutes: [300, 30, 120],
  callbackUrl: 'https://crm.example/events',
});

function waiting(changes: Partial<OnboardingState> = {}): OnboardingState {
  const round = { attestationId: 'first', requestedAt: START };
  return { ...addRound(createState('creatingAttestation', START), request, round), ...changes };
}

test.each([
  ['the first reminder', 0, 0, 30],
  ['the end of the attestation', 31, 1, 60],
  ['the second reminder', 61, 1, 120],
  ['the end of the link', 301, 3, 600],
])('the next wake-up is for %s', (_name, now, remindersSent, minutes) => {
  expect(getNextWakeUp(waiting({ remindersSent }), request, at(now)).at).toBe(at(minutes));
});

test('reminders missed during an outage are sent as one', () => {
  const wakeUp = getNextWakeUp(waiting(), request, at(200));
  expect(wakeUp).toMatchObject({ at: at(120), reminders: 2 });
  expect(getNextWakeUp(waiting({ remindersSent: wakeUp.reminders }), request, at(200)).at).toBe(at(300));
});

test('there is no reminder after an acceptance or without a callback URL', () => {
  const accepted = waiting({ acceptance: { acceptanceId: 'a', acceptedAt: START, round: 1 } });
  expect(getNextWakeUp(accepted, request, at(0)).at).toBe(at(60));
  const { callbackUrl: _, ...withoutCallback } = request;
  expect(getNextWakeUp(waiting(), withoutCallback, at(0)).at).toBe(at(60));
});
