import { usesPrimaryContact, type OnboardingRequest } from '../onboarding/request';
import type { OnboardingView } from '../onboarding/view';
import { isClosed, isLive, type OnboardingState } from './state';

/** What the query answers: the state as callers see it. Absent members are left out. */
export function viewOf(
  state: OnboardingState,
  request: OnboardingRequest,
  attempt: number,
  now: number,
): OnboardingView {
  const { rounds, acceptance, history } = state;
  const round = rounds.at(-1);
  const last = history.at(-1);
  const hasEnded = isClosed(state);
  return withoutAbsent({
    status: state.status,
    attentionReason: state.attentionReason,
    dealId: request.dealId,
    resellerId: request.resellerId,
    customerId: request.customerId,
    attempt,
    createdAt: history[0]!.at,
    attestation: round && {
      id: round.attestationId,
      round: rounds.length,
      live: isLive(state, now),
      expiresAt: round.expiresAt,
    },
    acceptBy: state.acceptBy,
    acceptedAt: acceptance?.acceptedAt,
    completedAt: hasEnded ? last!.at : undefined,
    acceptance: usesPrimaryContact(request) ? undefined : acceptance,
    page: state.page,
    decline: state.decline,
    problem: state.problem,
    nextRetryAt: state.nextRetryAt,
    agreementMayExist: state.agreementMayExist,
    result: state.result,
    metadata: request.metadata,
    history: [...history],
  });
}

type WithAbsent<T> = { [K in keyof T]: T[K] | (object extends Pick<T, K> ? undefined : never) };

function withoutAbsent(view: WithAbsent<OnboardingView>): OnboardingView {
  return Object.fromEntries(
    Object.entries(view).filter(([, value]) => value !== undefined),
  ) as unknown as OnboardingView;
}
