import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import { failureRules } from '../onboarding/failures';
import { PartnerCenterError, TokenError } from '../partner-center';
import { toApplicationFailure, toFailureType, type PartnerCenterCall } from './failures';

const HEARTBEAT_EVERY_MS = 3_000; // the heartbeat timeout is 10 s; a normal call ends before the first heartbeat

export interface CallIds {
  /** Partner Center's idempotency key: the same until a success or a refusal arrives. */
  requestId: string;
  correlationId: string;
}

/** What the last heartbeat of an attempt reports to the next: whether any answer so far was lost. */
interface AttemptRecord {
  attempt: number;
  answersLost: boolean;
}

/**
 * Makes one call to Partner Center inside an activity: heartbeats, cancellation, and every error turned into a failure
 * that says whether it may be retried and whether an answer was lost.
 * @throws ApplicationFailure with a type of `failureRules`; CancelledFailure when the call was abandoned.
 */
export async function callPartnerCenter<T>(
  call: PartnerCenterCall,
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const context = Context.current();
  const { attempt } = context.info;
  const lostBefore = wereAnswersLostBefore(context);
  const heartbeat = (answersLost: boolean) => context.heartbeat({ attempt, answersLost } satisfies AttemptRecord);
  const beat = () => heartbeat(true);
  // The answer of Create Agreement decides the outcome, also of a cancelled run.
  const signal = call === 'createAgreement' ? getShutdownSignal(context) : context.cancellationSignal;
  try {
    return await withHeartbeat(beat, () => send(signal));
  } catch (error) {
    if (error instanceof TokenError || error instanceof PartnerCenterError) {
      if (error instanceof PartnerCenterError && error.kind === 'aborted') throw toCancellation(context);
      const { retried } = failureRules[toFailureType(error, call)];
      // A failure that is not retried is unambiguous whatever its status: 600061 can come with a 500.
      const answersLost = lostBefore || (retried && error instanceof PartnerCenterError && error.answerUnknown);
      // Recorded for the next attempt: without a record it must assume that our answer was lost.
      if (!answersLost && retried) heartbeat(false);
      throw toApplicationFailure(error, call, answersLost);
    }
    throw toUnexpectedError(error, call);
  }
}

/** Does `work` and calls `beat` every few seconds, so that the server detects a dead worker. */
export async function withHeartbeat<T>(beat: () => void, work: () => Promise<T>): Promise<T> {
  const timer = setInterval(beat, HEARTBEAT_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** An attempt without a record crashed, hung or had an unclear answer: its answer counts as lost. */
function wereAnswersLostBefore({ info }: Context): boolean {
  if (info.attempt === 1) return false;
  const record = info.heartbeatDetails as AttemptRecord | undefined;
  return record?.attempt === info.attempt - 1 ? record.answersLost : true;
}

/** Aborts when the worker must stop or the attempt has timed out, but not when the run is cancelled. */
function getShutdownSignal(context: Context): AbortSignal {
  const controller = new AbortController();
  const { cancellationSignal } = context;
  const abort = () => {
    if (context.cancellationDetails?.cancelRequested !== true) controller.abort();
  };
  if (cancellationSignal.aborted) abort();
  else cancellationSignal.addEventListener('abort', abort, { once: true });
  return controller.signal;
}

/** Temporal's own error: the client's abort error would count as a failure of the activity. */
function toCancellation({ cancellationSignal }: Context): CancelledFailure {
  const reason: unknown = cancellationSignal.reason;
  return reason instanceof CancelledFailure ? reason : new CancelledFailure('CANCELLED');
}

/** A defect: its stack frames are kept, its message is not, because it may hold a secret or a person's data. */
function toUnexpectedError(error: unknown, call: PartnerCenterCall): ApplicationFailure {
  const name = error instanceof Error ? error.name : typeof error;
  const failure = ApplicationFailure.create({ type: 'UnexpectedError', message: `Unexpected ${name} in ${call}.` });
  const frames = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : [];
  failure.stack = [`UnexpectedError: ${failure.message}`, ...frames].join('\n');
  return failure;
}
