import type { AttentionReason } from '../../onboarding/failure-types';
import type { ParkedRun } from '../../temporal/parked';
import { CommandFailure, exitCodes } from '../failures';
import { onDemand } from '../on-demand';
import type { Report } from '../report';
import type { Session } from '../session';

const AT_ONCE = 20; // a server on two cores takes some hundred signals a second; more at once only queue up
const LIST_DEADLINE_MS = 60_000; // ten thousand runs are ten pages
const PROGRESS_EVERY_MS = 1_000;
const SHOWN_FAILURES = 5;

export interface ManyOptions {
  where?: string;
  reason?: AttentionReason;
  yes?: true;
}

interface Told {
  told: number;
  notOpen: number;
  failed: { id: string; message: string }[];
}

/** Tells all parked runs that fit to go on; what fails for one leaves the others alone. */
export async function retryMany(session: Session, { where, reason, yes }: ManyOptions): Promise<Report> {
  const runs = await parkedRuns(session, where, reason);
  if (runs.length === 0) {
    return { text: 'No onboarding in needsAttention fits.', json: { found: 0, told: 0, notOpen: 0, failed: [] } };
  }
  if (yes === undefined) await confirm(session, runs.length);
  const { told, notOpen, failed } = await tellAll(session, runs);
  const more = failed.length > SHOWN_FAILURES ? [`… and ${failed.length - SHOWN_FAILURES} more`] : [];
  return {
    text: `${told} told to try again, ${notOpen} no longer open, ${failed.length} failed.`,
    json: { found: runs.length, told, notOpen, failed },
    ...(failed.length > 0 && {
      warning: [...failed.slice(0, SHOWN_FAILURES).map(({ id, message }) => `${id}: ${message}`), ...more].join('\n'),
      exitCode: exitCodes.failed,
    }),
  };
}

async function parkedRuns(session: Session, where?: string, reason?: AttentionReason): Promise<ParkedRun[]> {
  const { listParked } = onDemand.parked();
  const { grpcCode, grpcFailureOf } = onDemand.grpcCode();
  try {
    return await session.temporal((client) => listParked(client, { where, reason }), LIST_DEADLINE_MS);
  } catch (error) {
    const failure = grpcFailureOf(error);
    if (where === undefined || failure?.code !== grpcCode.invalidArgument) throw error;
    throw new CommandFailure(
      'usage',
      `Temporal cannot read --where: ${failure.details}. It takes the queries of its own lists, for example "CustomerId = '…'".`,
      exitCodes.invalid,
    );
  }
}

/** @throws CommandFailure when nobody can be asked, or says no */
async function confirm({ host }: Session, number: number): Promise<void> {
  const onboardings = number === 1 ? 'One onboarding' : `${number} onboardings`;
  if (host.confirm === undefined) {
    throw new CommandFailure('usage', `${onboardings} would be told: pass --yes to do it.`, exitCodes.invalid, {
      found: number,
    });
  }
  if (await host.confirm(`${onboardings} will be told to try again. Go on?`)) return;
  throw new CommandFailure('notConfirmed', 'Nothing was done.', exitCodes.failed, { found: number });
}

async function tellAll(session: Session, runs: readonly ParkedRun[]): Promise<Told> {
  const outcome: Told = { told: 0, notOpen: 0, failed: [] };
  const waiting = runs.values();
  let toldAt = Date.now();
  const work = async () => {
    for (const run of waiting) {
      await tell(session, run, outcome);
      if (Date.now() - toldAt < PROGRESS_EVERY_MS) continue;
      toldAt = Date.now();
      const done = outcome.told + outcome.notOpen + outcome.failed.length;
      session.host.stderr.write(`${done} of ${runs.length}\n`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, runs.length) }, work));
  return outcome;
}

async function tell(session: Session, { id, runId }: ParkedRun, outcome: Told): Promise<void> {
  const { requestRetry } = onDemand.answers();
  const { failureOf } = onDemand.failureOf();
  try {
    await session.temporal((client) => requestRetry(client, id, runId));
    outcome.told += 1;
  } catch (error) {
    const { type, message } = failureOf(error);
    if (type === 'notFound') outcome.notOpen += 1;
    else outcome.failed.push({ id, message });
  }
}
