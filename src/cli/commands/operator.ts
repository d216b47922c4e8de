/** What an operator does with a running onboarding: cancel it, or retry it once the cause of its problem is fixed. */
import { type Command, Option } from 'commander';
import type { RunSummary } from '../../client/view';
import { attentionReasons } from '../../onboarding/failures';
import { dealArgument, parseCount } from '../arguments';
import { CommandFailure, notOpenFailure } from '../failures';
import type { Report, CommandRunner, Session } from '../session';
import { retryMany, type RetryManyOptions } from './retry-many';

const DEFAULT_PER_SECOND = 20; // each calls Partner Center immediately; 10,000 take eight minutes and leave capacity for other calls
const LARGEST_PER_SECOND = 1_000;

export function addOperatorCommands(program: Command, run: CommandRunner): void {
  program
    .command('retry')
    .description('resume an onboarding in needsAttention from where it stopped, or all that match')
    .addArgument(dealArgument('[deal]'))
    .addOption(new Option('--reason <reason>', 'all that need attention for this reason').choices(attentionReasons))
    .option('--where <query>', 'all in needsAttention that match a Temporal list filter')
    .option(
      '--per-second <number>',
      'resume at most this many per second',
      parseCount(LARGEST_PER_SECOND),
      DEFAULT_PER_SECOND,
    )
    .option('--yes', 'do not ask for confirmation')
    .action((deal: string | undefined, options: RetryManyOptions) => run((session) => retry(session, deal, options)));
  program
    .command('cancel')
    .description('cancel an onboarding; a Create Agreement call in progress is completed first')
    .addArgument(dealArgument())
    .action((deal: string) => run((session) => cancel(session, deal)));
}

async function retry(session: Session, deal: string | undefined, options: RetryManyOptions): Promise<Report> {
  const isForMany = options.where !== undefined || options.reason !== undefined;
  if (deal !== undefined && !isForMany) return retryOne(session, deal);
  if (deal === undefined && isForMany) return retryMany(session, options);
  throw new CommandFailure('usage', 'Name either one deal, or many with --reason or --where.');
}

async function retryOne(session: Session, deal: string): Promise<Report> {
  const { status } = await readOpenRun(session, deal);
  // In any other status the run ignores the signal.
  if (status !== 'needsAttention') {
    const message = `The status of deal ${deal} is ${status}: only an onboarding in needsAttention can be retried.`;
    throw new CommandFailure('refused', message, { id: deal, status });
  }
  await session.call((onboardings) => onboardings.retry(deal));
  return { text: `Deal ${deal} is being retried.`, json: { outcome: 'retryRequested', id: deal } };
}

async function cancel(session: Session, deal: string): Promise<Report> {
  await readOpenRun(session, deal);
  await session.call((onboardings) => onboardings.cancel(deal));
  return {
    text: `Cancellation of deal ${deal} was requested; if a Create Agreement call is in progress, its answer still decides the outcome.`,
    json: { outcome: 'cancellationRequested', id: deal },
  };
}

async function readOpenRun(session: Session, deal: string): Promise<RunSummary> {
  const summary = await session.call((onboardings) => onboardings.summary(deal));
  if (!summary.isOpen) throw notOpenFailure(deal, summary);
  return summary;
}
