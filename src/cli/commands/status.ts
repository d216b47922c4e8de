import type { Command } from 'commander';
import { toPublicView } from '../../onboarding/view';
import { dealArgument, dealDescription } from '../deal';
import { onDemand } from '../on-demand';
import type { Report, Run } from '../report';
import type { Session } from '../session';
import { describeView } from '../view-text';

export function addStatusCommand(program: Command, run: Run): void {
  program
    .command('status')
    .description('where the onboarding of a deal stands')
    .argument('<deal>', dealDescription, dealArgument)
    .action((deal: string) => run((session) => status(session, deal)));
}

async function status(session: Session, deal: string): Promise<Report> {
  const { readView } = onDemand.overview();
  const view = toPublicView(await session.temporal((client) => readView(client, deal)));
  return {
    text: describeView(view),
    json: view,
    ...(view.partial && {
      warning: 'No worker answered: this is what Temporal has stored, without rounds, acceptance and history.',
    }),
  };
}
