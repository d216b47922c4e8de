import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import { failureRules } from '../onboarding/failures';
import { PartnerCenterError, TokenError } from '../partner-center';
import { toApplicationFailure, toFailureType, type PartnerCenterCall } from './failures';

const HEARTBEAT_EVERY_MS = 3_000; // the time-out is 10 s; a normal call is answered before the first one

/** What the last heartbeat of an attempt says to the next: whether any answer so far was lost. */
interface AttemptRecord {
  attempt: number;
  answersLost: boolean;
}

interface CallPolicy {
  /** Whether a call on its way is worth waiting for when the run is cancelled: its answer decides the outcome. */
  outlivesCancellation: boolean;
}

/**
 * Makes one call to Partner Center inside an activity: heartbeats, cancellation, and every error turned into a failure
 * that says whether it may be retried and whether an answer was lost.
 * @throws ApplicationFailure with a type of `failureRules`; CancelledFailure when the call was given up.
 */
export async function callPartnerCenter<T>(
  call: PartnerCenterCall,
  policy: CallPolicy,
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const context = Context.current();
  const { attempt } = context.info;
  const lostBefore = answersLostBefore(context);
  const heartbeat = (answersLost: boolean) => context.heartbeat({ attempt, answersLost } satisfies AttemptRecord);
  const signal = policy.outlivesCancellation ? signalOfShutdown(context) : context.cancellationSignal;
  try {
    return await withHeartbeat(
      () => heartbeat(true),
      () => send(signal),
    );
  } catch (error) {
    if (error instanceof TokenError || error instanceof PartnerCenterError) {
      if (error instanceof PartnerCenterError && error.kind === 'aborted') throw cancellationOf(context);
      const { retried, refusal } = failureRules[toFailureType(error, call)];
      // A refusal is clear under whatever status: 600061 may come with a 500.
      const answersLost = lostBefore || (!refusal && error instanceof PartnerCenterError && error.answerUnknown);
      // MessageResult now, because the next attempt cannot ask: without it, it must assume that our answer was lost.
      if (!answersLost && retried) heartbeat(false);
      throw toApplicationFailure(error, call, answersLost);
    }
    throw unexpected(error, call);
  }
}

/** Does `work` with `beat` every few seconds, by which the server notices that its worker has died. */
export async function withHeartbeat<T>(beat: () => void, work: () => Promise<T>): Promise<T> {
  const pulse = setInterval(beat, HEARTBEAT_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(pulse);
  }
}

/** An attempt that left no record crashed, hung or was answered unclearly: its answer counts as lost. */
function answersLostBefore({ info }: Context): boolean {
  if (info.attempt === 1) return false;
  const record = info.heartbeatDetails as AttemptRecord | undefined;
  return record?.attempt === info.attempt - 1 ? record.answersLost : true;
}

/** Aborts when the worker must stop or the attempt has timed out, but not when the run is cancelled. */
function signalOfShutdown(context: Context): AbortSignal {
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
function cancellationOf({ cancellationSignal }: Context): CancelledFailure {
  const reason: unknown = cancellationSignal.reason;
  return reason instanceof CancelledFailure ? reason : new CancelledFailure('CANCELLED');
}

/** A defect: its place is kept, its message is not, for nobody knows what stands in it. */
function unexpected(error: unknown, call: PartnerCenterCall): ApplicationFailure {
  const name = error instanceof Error ? error.name : typeof error;
  const failure = ApplicationFailure.create({ type: 'UnexpectedError', message: `Unexpected ${name} in ${call}.` });
  const frames = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : [];
  failure.stack = [`UnexpectedError: ${failure.message}`, ...frames].join('\n');
  return failure;
}
