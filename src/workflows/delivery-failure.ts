import { ActivityFailure, ApplicationFailure, isCancellation, TimeoutFailure } from '@temporalio/workflow';
import { type DeliveryFailure, deliveryFailureRules, isDeliveryFailureType } from '../onboarding/events';

/**
 * Reads why a delivery ended without success. `neverStarted`: no worker took it in time, so the CRM was not asked.
 * @throws a cancellation, and whatever is not the failure of an activity, unchanged.
 */
export function deliveryFailureOf(error: unknown): DeliveryFailure | 'neverStarted' {
  if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
  return deliveryFailureFrom(error.cause);
}

/** The same from what an activity's failure holds, as it stands in a history or in the description of a pending one. */
export function deliveryFailureFrom(cause: Error | undefined): DeliveryFailure | 'neverStarted' {
  if (cause instanceof TimeoutFailure && cause.timeoutType === 'SCHEDULE_TO_START') return 'neverStarted';

  // After three days the server names the time-out, and below it what the last attempt met.
  const failure = cause instanceof TimeoutFailure && cause.cause !== undefined ? cause.cause : cause;
  if (failure instanceof ApplicationFailure && isDeliveryFailureType(failure.type)) {
    const { status } = (failure.details?.[0] ?? {}) as { status?: number };
    return { type: failure.type, title: failure.message, ...(status !== undefined && { status }) };
  }
  return { type: 'EventNotDelivered', title: deliveryFailureRules.EventNotDelivered.title };
}
