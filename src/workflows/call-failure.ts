import { ActivityFailure, ApplicationFailure, isCancellation, TimeoutFailure } from '@temporalio/workflow';
import { type CallFailureDetails, type FailureType, failureRules, isFailureType } from '../onboarding/failure-types';
import type { Problem } from '../onboarding/view';

export interface CallFailure {
  type: FailureType;
  problem: Problem;
  answersLost: boolean;
}

/**
 * Reads why an activity failed. `neverStarted`: no worker took it in time, so nothing was sent.
 * @throws whatever is not the failure of an activity, unchanged.
 */
export function callFailureOf(error: unknown, now: number): CallFailure | 'neverStarted' | 'cancelled' {
  if (!(error instanceof ActivityFailure)) throw error;
  if (isCancellation(error)) return 'cancelled';
  const { cause } = error;
  if (cause instanceof TimeoutFailure && cause.timeoutType === 'SCHEDULE_TO_START') return 'neverStarted';

  const failure = cause instanceof TimeoutFailure && cause.cause !== undefined ? cause.cause : cause;
  const timedOut = cause instanceof TimeoutFailure;
  const at = new Date(now).toISOString();
  if (failure instanceof ApplicationFailure && isFailureType(failure.type)) {
    const details = failure.details?.[0] as CallFailureDetails | undefined;
    const problem = { type: failure.type, title: failureRules[failure.type].title, ...details?.problem, at };
    return { type: failure.type, problem, answersLost: timedOut || (details?.answersLost ?? true) };
  }
  const type = timedOut ? 'PartnerCenterUnavailable' : 'UnexpectedError';
  return { type, problem: { type, title: failureRules[type].title, at }, answersLost: true };
}
