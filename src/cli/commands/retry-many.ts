import { InvalidArgumentError } from 'commander';
import type { AttentionReason } from '../../onboarding/failures';
import type { RunNeedingAttention } from '../../client/listing';
import { CommandFailure, exitCodes } from '../failures';
import { onDemand } from '../on-demand';
import { Pace } from '../pace';
import { Progress } from '../progress';
import type { Report } from '../report';
import type { Session } from '../session';

/** Each that is told calls Partner Center at once. Ten thousand take eight minutes, and leave room for other calls. */
export const DEFAULT_PER_SECOND = 20;
const LARGEST_PER_SECOND = 1_000;
const AT_ONCE = 20; // while a server answers slowly; more at once would only queue up
const TELL_DEADLINE_MS = 10_000; // the SDK tries again meanwhile: a server that restarts in time is not noticed
const LIST_DEADLINE_MS = 60_000; // ten thousand runs are ten pages
const SHOWN_FAILURES = 5;

export interface ManyOptions {
  where?: string;
  reason?: AttentionReason;
  perSecond: number;
  yes?: true;
}

interface MessageResult {
  told: number;
  /** Ended, restarted or gone on since they were listed. */
  noLongerParked: number;
  failed: { id: string; message: string }[];
}

/** Tells all parked runs that fit to go on, in a measured pace; what fails for one leaves the others alone. */
export async function retryMany(session: Session, options: ManyOptions): Promise<Report> {
  const { where, reason, perSecond, yes } = options;
  const runs = await parkedRuns(session, where, reason);
  const found = runs.length;
  const outcome: MessageResult = { told: 0, noLongerParked: 0, failed: [] };
  if (found === 0) return { text: 'No onboarding in needsAttention fits.', json: { found, ...outcome } };
  if (yes === undefined) await confirm(session, found, perSecond);

  const startedAt = performance.now();
  const stop = await tellAll(session, runs, perSecond, outcome);
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  if (stop !== undefined) throw stoppedBecauseOf(stop, found, outcome);

  const { told, noLongerParked, failed } = outcome;
  const more = failed.length > SHOWN_FAILURES ? [`… and ${failed.length - SHOWN_FAILURES} more`] : [];
  return {
    text: `${summary(outcome)}; ${seconds} s, at most ${perSecond} a second.`,
    json: { found, told, noLongerParked, failed, seconds, perSecond },
    ...(failed.length > 0 && {
      warning: [...failed.slice(0, SHOWN_FAILURES).map(({ id, message }) => `${id}: ${message}`), ...more].join('\n'),
      exitCode: exitCodes.failed,
    }),
  };
}

/** An argument that is a pace. @throws InvalidArgumentError */
export function perSecondArgument(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > LARGEST_PER_SECOND) {
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${LARGEST_PER_SECOND}.`);
  }
  return number;
}

async function parkedRuns(session: Session, where?: string, reason?: AttentionReason): Promise<RunNeedingAttention[]> {
  const { listNeedingAttention } = onDemand.parked();
  const { grpcCode, getGrpcFailure } = onDemand.grpcCode();
  try {
    return await session.temporal((client) => listNeedingAttention(client, { where, reason }), LIST_DEADLINE_MS);
  } catch (error) {
    const failure = getGrpcFailure(error);
    if (where === undefined || failure?.code !== grpcCode.invalidArgument) throw error;
    throw new CommandFailure(
      'usage',
      `Temporal cannot read --where: ${failure.details}. It takes the queries of its own lists, for example "CustomerId = '…'".`,
      exitCodes.invalid,
    );
  }
}

/** @throws CommandFailure when nobody can be asked, or says no */
async function confirm({ host }: Session, found: number, perSecond: number): Promise<void> {
  const onboardings = found === 1 ? 'One onboarding' : `${found} onboardings`;
  if (host.confirm === undefined) {
    throw new CommandFailure('usage', `${onboardings} would be told: pass --yes to do it.`, exitCodes.invalid, {
      found,
    });
  }
  const pace = `${perSecond} a second, about ${Math.ceil(found / perSecond)} s`;
  if (await host.confirm(`${onboardings} will be told to try again (${pace}). Go on?`)) return;
  throw new CommandFailure('notConfirmed', 'Nothing was done.', exitCodes.failed, { found });
}

/** Writes what happens into `outcome`; returns the failure after which it made no sense to go on. */
async function tellAll(
  session: Session,
  runs: readonly RunNeedingAttention[],
  perSecond: number,
  outcome: MessageResult,
): Promise<CommandFailure | undefined> {
  const progress = new Progress(session.host.stderr, runs.length);
  const pace = new Pace(perSecond);
  const waiting = runs.values();
  let stop: CommandFailure | undefined;
  const work = async () => {
    for (const run of waiting) {
      await pace.turn();
      if (stop !== undefined) return;
      const failure = await tell(session, run, outcome);
      stop ??= failure;
      progress.at(settled(outcome));
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, runs.length) }, work));
  progress.end(settled(outcome));
  return stop;
}

/** Returns the failure that every other run would meet too. */
async function tell(
  session: Session,
  { id, runId }: RunNeedingAttention,
  outcome: MessageResult,
): Promise<CommandFailure | undefined> {
  const { readSummary } = onDemand.overview();
  const { requestRetry } = onDemand.answers();
  const { failureOf } = onDemand.failureOf();
  try {
    const run = await session.temporal((client) => readSummary(client, id), TELL_DEADLINE_MS);
    // Any other would take the signal and ignore it.
    const isParked = run.isOpen && run.runId === runId && run.status === 'needsAttention';
    if (isParked) await session.temporal((client) => requestRetry(client, id, runId), TELL_DEADLINE_MS);
    outcome[isParked ? 'told' : 'noLongerParked'] += 1;
    return undefined;
  } catch (error) {
    const failure = failureOf(error);
    if (failure.type === 'notFound') outcome.noLongerParked += 1;
    else outcome.failed.push({ id, message: failure.message });
    return failure.exitCode === exitCodes.unreachable ? failure : undefined;
  }
}

function stoppedBecauseOf(
  { type, message, exitCode }: CommandFailure,
  found: number,
  outcome: MessageResult,
): CommandFailure {
  const notTried = found - settled(outcome);
  return new CommandFailure(
    type,
    [
      message,
      `Stopped: ${summary(outcome)}, ${notTried} not tried.`,
      'Then run the same command again: it tells those that are still parked, and no other.',
    ].join('\n'),
    exitCode,
    { found, ...outcome, notTried },
  );
}

function summary({ told, noLongerParked, failed }: MessageResult): string {
  return `${told} told to try again, ${noLongerParked} no longer parked, ${failed.length} failed`;
}

function settled({ told, noLongerParked, failed }: MessageResult): number {
  return told + noLongerParked + failed.length;
}
