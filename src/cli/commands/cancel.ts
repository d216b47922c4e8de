import type { Command } from 'commander';
import { dealArgument } from '../arguments';
import { notOpenFailure } from '../failures';
import type { Report, Run, Session } from '../session';

export function addCancelCommand(program: Command, run: Run): void {
  program
    .command('cancel')
    .description('end an onboarding; a call to Partner Center under way is still waited for')
    .addArgument(dealArgument())
    .action((deal: string) => run((session) => cancel(session, deal)));
}

async function cancel(session: Session, deal: string): Promise<Report> {
  const summary = await session.call((onboardings) => onboardings.summary(deal));
  if (!summary.isOpen) throw notOpenFailure(deal, summary);
  await session.call((onboardings) => onboardings.cancel(deal));
  return {
    text: `Cancellation of deal ${deal} is requested; the answer to a call to Partner Center under way still decides its outcome.`,
    json: { outcome: 'cancellationRequested', id: deal },
  };
}
