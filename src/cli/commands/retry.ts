import { type Command, Option } from 'commander';
import { attentionReasons } from '../../onboarding/failures';
import { dealArgument, dealDescription, notOpen } from '../deal';
import { CommandFailure, exitCodes } from '../failures';
import { onDemand } from '../on-demand';
import type { Report, Run } from '../report';
import type { Session } from '../session';
import { DEFAULT_PER_SECOND, type ManyOptions, perSecondArgument, retryMany } from './retry-many';

export function addRetryCommand(program: Command, run: Run): void {
  program
    .command('retry')
    .description('have an onboarding in needsAttention go on from where it stood, or all that fit')
    .argument('[deal]', dealDescription, dealArgument)
    .addOption(new Option('--reason <reason>', 'all that wait for this reason').choices(attentionReasons))
    .option('--where <query>', 'all in needsAttention that fit a query of Temporal’s lists')
    .option('--per-second <number>', 'tell at most so many a second', perSecondArgument, DEFAULT_PER_SECOND)
    .option('--yes', 'ask nobody before many are told')
    .action((deal: string | undefined, options: ManyOptions) => run((session) => retryChosen(session, deal, options)));
}

async function retryChosen(session: Session, deal: string | undefined, options: ManyOptions): Promise<Report> {
  const isForMany = options.where !== undefined || options.reason !== undefined;
  if (deal !== undefined && !isForMany) return retry(session, deal);
  if (deal === undefined && isForMany) return retryMany(session, options);
  throw new CommandFailure('usage', 'Name either one deal, or with --reason or --where many.', exitCodes.invalid);
}

async function retry(session: Session, deal: string): Promise<Report> {
  const { readSummary } = onDemand.overview();
  const { requestRetry } = onDemand.answers();
  const { status, isOpen } = await session.temporal((client) => readSummary(client, deal));
  if (!isOpen) throw await notOpen(session, deal);
  // The run would take the signal and ignore it.
  if (status !== 'needsAttention') {
    throw new CommandFailure(
      'refused',
      `Deal ${deal} is in ${status}: only an onboarding in needsAttention can be retried.`,
      exitCodes.failed,
      { id: deal, status },
    );
  }
  await session.temporal((client) => requestRetry(client, deal));
  return { text: `Deal ${deal} tries again.`, json: { outcome: 'retryRequested', id: deal } };
}
