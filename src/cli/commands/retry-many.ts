import { setTimeout as pause } from 'node:timers/promises';
import type { RunNeedingAttention } from '../../client/listing';
import type { AttentionReason } from '../../onboarding/failures';
import { getGrpcFailure, grpcCode } from '../../temporal/grpc-code';
import { CommandFailure, exitCodes, toCommandFailure } from '../failures';
import { Progress } from '../output';
import type { Report, Session } from '../session';

const CONCURRENCY = 20; // keeps up the rate when the server answers slowly
const CALL_DEADLINE_MS = 10_000; // the SDK retries within it, so a short restart of the server does no harm
const LIST_DEADLINE_MS = 60_000; // 10,000 runs are ten pages
const SHOWN_FAILURES = 5;

export interface RetryManyOptions {
  where?: string;
  reason?: AttentionReason;
  perSecond: number;
  yes?: true;
}

interface Outcome {
  resumed: number;
  /** Ended, restarted or resumed since they were listed. */
  noLongerWaiting: number;
  failed: { id: string; message: string }[];
}

/** Resumes all runs that match, at a limited rate; a failure of one does not stop the others. */
export async function retryMany(
  session: Session,
  { where, reason, perSecond, yes }: RetryManyOptions,
): Promise<Report> {
  const runs = await listRuns(session, where, reason);
  const found = runs.length;
  const outcome: Outcome = { resumed: 0, noLongerWaiting: 0, failed: [] };
  if (found === 0) return { text: 'No onboarding in needsAttention matches.', json: { found, ...toJson(outcome) } };
  if (yes === undefined) await confirm(session, found, perSecond);

  const startedAt = performance.now();
  const reasonToStop = await resumeAll(session, runs, perSecond, outcome);
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  if (reasonToStop !== undefined) throw stoppedFailure(reasonToStop, found, outcome);

  const { failed } = outcome;
  const more = failed.length > SHOWN_FAILURES ? [`… and ${failed.length - SHOWN_FAILURES} more`] : [];
  const failures = [...failed.slice(0, SHOWN_FAILURES).map(({ id, message }) => `${id}: ${message}`), ...more];
  return {
    text: `${describeOutcome(outcome)}; ${seconds} s, at most ${perSecond} per second.`,
    json: { found, ...toJson(outcome), seconds, perSecond },
    warning: failed.length > 0 ? failures.join('\n') : undefined,
    exitCode: failed.length > 0 ? exitCodes.failed : exitCodes.done,
  };
}

async function listRuns(session: Session, where?: string, reason?: AttentionReason): Promise<RunNeedingAttention[]> {
  try {
    return await session.call((onboardings) => onboardings.listNeedingAttention({ where, reason }), LIST_DEADLINE_MS);
  } catch (error) {
    const failure = getGrpcFailure(error);
    if (where === undefined || failure?.code !== grpcCode.invalidArgument) throw error;
    const hint = 'It takes Temporal’s list filters, for example "CustomerId = \'…\'".';
    throw new CommandFailure('usage', `Temporal cannot read --where: ${failure.details}. ${hint}`);
  }
}

/** @throws CommandFailure if the answer is no, or if there is no terminal to ask at */
async function confirm({ host }: Session, found: number, perSecond: number): Promise<void> {
  const onboardings = found === 1 ? 'One onboarding' : `${found} onboardings`;
  if (host.confirm === undefined) {
    throw new CommandFailure('usage', `${onboardings} would be resumed: pass --yes to confirm.`, { found });
  }
  const rate = `${perSecond} per second, about ${Math.ceil(found / perSecond)} s`;
  if (await host.confirm(`${onboardings} will be resumed (${rate}). Continue?`)) return;
  throw new CommandFailure('notConfirmed', 'Nothing was done.', { found });
}

/** Records the results in `outcome`. Returns the failure that every further run would meet too, if there is one. */
async function resumeAll(
  session: Session,
  runs: readonly RunNeedingAttention[],
  perSecond: number,
  outcome: Outcome,
): Promise<CommandFailure | undefined> {
  const progress = new Progress(session.host.stderr, runs.length);
  const limiter = new RateLimiter(perSecond);
  const waiting = runs.values(); // shared by the concurrent loops below
  let reasonToStop: CommandFailure | undefined;
  const work = async () => {
    for (const run of waiting) {
      await limiter.wait();
      if (reasonToStop !== undefined) return;
      const failure = await resume(session, run, outcome);
      reasonToStop ??= failure;
      progress.show(countDone(outcome));
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, runs.length) }, work));
  progress.end(countDone(outcome));
  return reasonToStop;
}

async function resume(
  session: Session,
  { id, runId }: RunNeedingAttention,
  outcome: Outcome,
): Promise<CommandFailure | undefined> {
  try {
    const run = await session.call((onboardings) => onboardings.summary(id), CALL_DEADLINE_MS);
    // In any other status the run ignores the signal, and a newer run of the deal was not listed.
    const needsAttention = run.isOpen && run.runId === runId && run.status === 'needsAttention';
    if (needsAttention) await session.call((onboardings) => onboardings.retry(id, runId), CALL_DEADLINE_MS);
    outcome[needsAttention ? 'resumed' : 'noLongerWaiting'] += 1;
    return undefined;
  } catch (error) {
    const failure = toCommandFailure(error);
    if (failure.type === 'notFound') outcome.noLongerWaiting += 1;
    else outcome.failed.push({ id, message: failure.message });
    return failure.exitCode === exitCodes.unreachable ? failure : undefined;
  }
}

function stoppedFailure({ type, message }: CommandFailure, found: number, outcome: Outcome): CommandFailure {
  const notTried = found - countDone(outcome);
  const stopped = `Stopped: ${describeOutcome(outcome)}, ${notTried} not tried.`;
  const hint = 'To continue, run the same command again: it resumes only those that still need attention.';
  return new CommandFailure(type, [message, stopped, hint].join('\n'), { found, ...toJson(outcome), notTried });
}

/** The members' names are part of what `--json` promises. */
function toJson({ resumed, noLongerWaiting, failed }: Outcome) {
  return { told: resumed, noLongerParked: noLongerWaiting, failed };
}

function describeOutcome({ resumed, noLongerWaiting, failed }: Outcome): string {
  return `${resumed} resumed, ${noLongerWaiting} no longer waiting, ${failed.length} failed`;
}

function countDone({ resumed, noLongerWaiting, failed }: Outcome): number {
  return resumed + noLongerWaiting + failed.length;
}

/** Lets callers through one at a time, at most `perSecond` per second; unused capacity does not add up to a burst. */
export class RateLimiter {
  private nextAt = 0;

  constructor(private readonly perSecond: number) {}

  async wait(): Promise<void> {
    const now = performance.now();
    const at = Math.max(this.nextAt, now);
    this.nextAt = at + 1_000 / this.perSecond;
    if (at > now) await pause(at - now);
  }
}
