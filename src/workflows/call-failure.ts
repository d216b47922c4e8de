import { ActivityFailure, ApplicationFailure, isCancellation, TimeoutFailure } from '@temporalio/workflow';
import {
  type CallFailureDetails,
  type FailureType,
  failureRules,
  isFailureType,
  type Problem,
} from '../onboarding/failures';

export interface CallFailure {
  type: FailureType;
  problem: Problem;
  /** Whether a call may have succeeded at Partner Center without our hearing of it. */
  answersLost: boolean;
}

/** `notTaken`: no worker took the call in time, which says nothing about Partner Center. */
export type CallEnd =
  CallFailure | { type: 'notTaken'; answersLost: boolean } | { type: 'cancelled'; answersLost: boolean };

/** Reads why an activity failed. @throws whatever is not the failure of an activity, unchanged. */
export function callEndOf(error: unknown, now: number): CallEnd {
  if (!(error instanceof ActivityFailure)) throw error;
  if (isCancellation(error)) return { type: 'cancelled', answersLost: true };
  const { cause } = error;
  if (!(cause instanceof TimeoutFailure)) return failureOf(cause, now);
  // The failure of the last attempt, if there was one, hangs on the time-out.
  if (cause.timeoutType === 'SCHEDULE_TO_START') {
    return { type: 'notTaken', answersLost: cause.cause !== undefined && failureOf(cause.cause, now).answersLost };
  }
  const { type, problem } = failureOf(cause.cause, now, 'PartnerCenterUnavailable');
  return { type, problem, answersLost: true };
}

function failureOf(failure: unknown, now: number, otherwise: FailureType = 'UnexpectedError'): CallFailure {
  const at = new Date(now).toISOString();
  if (failure instanceof ApplicationFailure && isFailureType(failure.type)) {
    const details = failure.details?.[0] as CallFailureDetails | undefined;
    const problem = { type: failure.type, title: failureRules[failure.type].title, ...details?.problem, at };
    return { type: failure.type, problem, answersLost: details?.answersLost ?? true };
  }
  const problem = { type: otherwise, title: failureRules[otherwise].title, at };
  return { type: otherwise, problem, answersLost: true };
}
