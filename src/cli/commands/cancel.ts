import type { Command } from 'commander';
import { dealArgument, dealDescription, notOpen } from '../deal';
import { onDemand } from '../on-demand';
import type { Report, Run } from '../report';
import type { Session } from '../session';

export function addCancelCommand(program: Command, run: Run): void {
  program
    .command('cancel')
    .description('end an onboarding; a call to Partner Center on its way is still waited for')
    .argument('<deal>', dealDescription, dealArgument)
    .action((deal: string) => run((session) => cancel(session, deal)));
}

async function cancel(session: Session, deal: string): Promise<Report> {
  const { readSummary } = onDemand.overview();
  const { requestCancellation } = onDemand.answers();
  const { isOpen } = await session.temporal((client) => readSummary(client, deal));
  if (!isOpen) throw await notOpen(session, deal);
  await session.temporal((client) => requestCancellation(client, deal));
  return {
    text: `Deal ${deal} was asked to end; an answer of Partner Center that is on its way still decides its outcome.`,
    json: { outcome: 'cancellationRequested', id: deal },
  };
}
