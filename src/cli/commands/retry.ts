import { setTimeout as pause } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import type { RunNeedingAttention } from '../../client/listing';
import { getGrpcFailure, grpcCode } from '../../temporal/grpc-code';
import { type AttentionReason, attentionReasons } from '../../onboarding/failures';
import { dealArgument, parseCount } from '../arguments';
import { CommandFailure, exitCodes, notOpenFailure, toCommandFailure } from '../failures';
import { Progress } from '../output';
import type { Report, Run, Session } from '../session';

const DEFAULT_PER_SECOND = 20; // each calls Partner Center at once; 10,000 take eight minutes and leave room for other calls
const LARGEST_PER_SECOND = 1_000;
const CONCURRENCY = 20; // for a server that answers slowly
const CALL_DEADLINE_MS = 10_000; // the SDK retries within it, so a short restart of the server does no harm
const LIST_DEADLINE_MS = 60_000; // 10,000 runs are ten pages
const SHOWN_FAILURES = 5;

interface ManyOptions {
  where?: string;
  reason?: AttentionReason;
  perSecond: number;
  yes?: true;
}

/** What became of the listed runs. The names are printed with --json. */
interface Outcome {
  told: number;
  /** Ended, restarted or resumed since they were listed. */
  noLongerParked: number;
  failed: { id: string; message: string }[];
}

export function addRetryCommand(program: Command, run: Run): void {
  program
    .command('retry')
    .description('resume an onboarding in needsAttention where it stopped, or all that match')
    .addArgument(dealArgument('[deal]'))
    .addOption(new Option('--reason <reason>', 'all that need attention for this reason').choices(attentionReasons))
    .option('--where <query>', 'all in needsAttention that match a list filter of Temporal')
    .option(
      '--per-second <number>',
      'resume at most this many per second',
      parseCount(LARGEST_PER_SECOND),
      DEFAULT_PER_SECOND,
    )
    .option('--yes', 'do not ask before many are resumed')
    .action((deal: string | undefined, options: ManyOptions) => run((session) => retry(session, deal, options)));
}

async function retry(session: Session, deal: string | undefined, options: ManyOptions): Promise<Report> {
  const isForMany = options.where !== undefined || options.reason !== undefined;
  if (deal !== undefined && !isForMany) return retryOne(session, deal);
  if (deal === undefined && isForMany) return retryMany(session, options);
  throw new CommandFailure('usage', 'Name either one deal, or many with --reason or --where.', exitCodes.invalid);
}

async function retryOne(session: Session, deal: string): Promise<Report> {
  const summary = await session.call((onboardings) => onboardings.summary(deal));
  if (!summary.isOpen) throw notOpenFailure(deal, summary);
  // In any other status the run ignores the signal.
  if (summary.status !== 'needsAttention') {
    throw new CommandFailure(
      'refused',
      `The status of deal ${deal} is ${summary.status}: only an onboarding in needsAttention can be retried.`,
      exitCodes.failed,
      { id: deal, status: summary.status },
    );
  }
  await session.call((onboardings) => onboardings.retry(deal));
  return { text: `Deal ${deal} tries again.`, json: { outcome: 'retryRequested', id: deal } };
}

/** Resumes all runs that match, at a limited rate; a failure of one does not stop the others. */
async function retryMany(session: Session, { where, reason, perSecond, yes }: ManyOptions): Promise<Report> {
  const runs = await listRuns(session, where, reason);
  const found = runs.length;
  const outcome: Outcome = { told: 0, noLongerParked: 0, failed: [] };
  if (found === 0) return { text: 'No onboarding in needsAttention matches.', json: { found, ...outcome } };
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
    json: { found, ...outcome, seconds, perSecond },
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
    throw new CommandFailure(
      'usage',
      `Temporal cannot read --where: ${failure.details}. It takes Temporal’s list filters, for example "CustomerId = '…'".`,
      exitCodes.invalid,
    );
  }
}

/** @throws CommandFailure if the answer is no, or if there is no terminal to ask at */
async function confirm({ host }: Session, found: number, perSecond: number): Promise<void> {
  const onboardings = found === 1 ? 'One onboarding' : `${found} onboardings`;
  if (host.confirm === undefined) {
    throw new CommandFailure('usage', `${onboardings} would be resumed: pass --yes to do it.`, exitCodes.invalid, {
      found,
    });
  }
  const rate = `${perSecond} per second, about ${Math.ceil(found / perSecond)} s`;
  if (await host.confirm(`${onboardings} will be resumed (${rate}). Continue?`)) return;
  throw new CommandFailure('notConfirmed', 'Nothing was done.', exitCodes.failed, { found });
}

/** Counts what happens in `outcome`. Returns the failure that every further run would meet too, if there is one. */
async function resumeAll(
  session: Session,
  runs: readonly RunNeedingAttention[],
  perSecond: number,
  outcome: Outcome,
): Promise<CommandFailure | undefined> {
  const progress = new Progress(session.host.stderr, runs.length);
  const limiter = new RateLimiter(perSecond);
  const waiting = runs.values(); // shared by all workers
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
    outcome[needsAttention ? 'told' : 'noLongerParked'] += 1;
    return undefined;
  } catch (error) {
    const failure = toCommandFailure(error);
    if (failure.type === 'notFound') outcome.noLongerParked += 1;
    else outcome.failed.push({ id, message: failure.message });
    return failure.exitCode === exitCodes.unreachable ? failure : undefined;
  }
}

function stoppedFailure({ type, message, exitCode }: CommandFailure, found: number, outcome: Outcome): CommandFailure {
  const notTried = found - countDone(outcome);
  return new CommandFailure(
    type,
    [
      message,
      `Stopped: ${describeOutcome(outcome)}, ${notTried} not tried.`,
      'To continue, run the same command again: it resumes only those that still need attention.',
    ].join('\n'),
    exitCode,
    { found, ...outcome, notTried },
  );
}

function describeOutcome({ told, noLongerParked, failed }: Outcome): string {
  return `${told} resumed, ${noLongerParked} no longer waiting, ${failed.length} failed`;
}

function countDone({ told, noLongerParked, failed }: Outcome): number {
  return told + noLongerParked + failed.length;
}

/** Lets callers through one by one, at most `perSecond` in a second; unused time does not add up to a burst. */
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
