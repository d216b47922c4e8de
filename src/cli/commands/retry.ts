import type { Command } from 'commander';
import { dealArgument, dealDescription, notOpen } from '../deal';
import { CommandFailure, exitCodes } from '../failures';
import { onDemand } from '../on-demand';
import type { Report, Run } from '../report';
import type { Session } from '../session';

export function addRetryCommand(program: Command, run: Run): void {
  program
    .command('retry')
    .description('have an onboarding in needsAttention go on from where it stood')
    .argument('<deal>', dealDescription, dealArgument)
    .action((deal: string) => run((session) => retry(session, deal)));
}

async function retry(session: Session, deal: string): Promise<Report> {
  const { readStanding } = onDemand.overview();
  const { requestRetry } = onDemand.answers();
  const { status, isOpen } = await session.temporal((client) => readStanding(client, deal));
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
