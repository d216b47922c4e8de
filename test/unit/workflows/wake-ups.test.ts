import type { AttestedRequest } from '../../../src/onboarding/request';
import { addRound, begin, type OnboardingState, plusMinutes } from '../../../src/workflows/state';
import { nextWakeUp } from '../../../src/workflows/wake-ups';
import { attestedRequest } from '../../support/requests';

const START = '2026-11-24T12:00:00.000Z';
const at = (minutes: number) => Date.parse(plusMinutes(START, minutes));

const request: AttestedRequest = attestedRequest({
  linkValidForMinutes: 600,
  remindAfterMinutes: [300, 30, 120],
  callbackUrl: 'https://crm.example/events',
});

function waiting(changes: Partial<OnboardingState> = {}): OnboardingState {
  const round = { attestationId: 'first', requestedAt: START };
  return { ...addRound(begin('creatingAttestation', START), request, round), ...changes };
}

test.each([
  ['the first reminder', 0, 0, 30],
  ['the end of the attestation', 31, 1, 60],
  ['the second reminder', 61, 1, 120],
  ['the end of the link', 301, 3, 600],
])('the next thing to wake for is %s', (_name, now, remindersSent, minutes) => {
  expect(nextWakeUp(waiting({ remindersSent }), request, at(now)).at).toBe(at(minutes));
});

test('reminders missed in an outage are one', () => {
  const wakeUp = nextWakeUp(waiting(), request, at(200));
  expect(wakeUp).toMatchObject({ at: at(120), reminders: 2 });
  expect(nextWakeUp(waiting({ remindersSent: wakeUp.reminders }), request, at(200)).at).toBe(at(300));
});

test('nobody is reminded after an acceptance, nor when nobody listens', () => {
  const accepted = waiting({ acceptance: { acceptanceId: 'a', acceptedAt: START, round: 1 } });
  expect(nextWakeUp(accepted, request, at(0)).at).toBe(at(60));
  const { callbackUrl: _, ...unheard } = request;
  expect(nextWakeUp(waiting(), unheard, at(0)).at).toBe(at(60));
});
