import { type Command, Option } from 'commander';
import { type DeclineCode, declineCodes, readDecline } from '../../onboarding/acceptance';
import { dealArgument, dealDescription, notOpen } from '../deal';
import { CommandFailure, exitCodes } from '../failures';
import { onDemand } from '../on-demand';
import type { Report, Run } from '../report';
import type { Session } from '../session';
import { utc } from '../times';

interface DeclineOptions {
  code: DeclineCode;
  comment?: string;
}

export function addDeclineCommand(program: Command, run: Run): void {
  program
    .command('decline')
    .description('report that the customer does not accept: ends the onboarding')
    .argument('<deal>', dealDescription, dealArgument)
    .addOption(new Option('--code <code>', 'why').choices(declineCodes).makeOptionMandatory())
    .option('--comment <text>', 'in the customer’s words; no personal data')
    .action((deal: string, options: DeclineOptions) => run((session) => decline(session, deal, options)));
}

async function decline(session: Session, deal: string, { code, comment }: DeclineOptions): Promise<Report> {
  const checked = readDecline({ code, comment });
  if (typeof checked === 'string') throw new CommandFailure('usage', `${checked}.`, exitCodes.invalid);

  const { reportDecline } = onDemand.answers();
  const told = await session.temporal((client) => reportDecline(client, deal, checked));
  switch (told?.outcome) {
    case 'recorded':
      return {
        text: `Deal ${deal} is declined: ${code}, ${utc(told.value.declinedAt)}.`,
        json: { outcome: 'recorded', id: deal, ...told.value },
      };
    case 'refused':
      throw new CommandFailure('refused', `The decline was refused: ${told.message}`, exitCodes.failed, {
        id: deal,
        reason: told.type,
      });
    case 'notOpen':
      throw await notOpen(session, deal);
    case 'stored':
    case undefined:
      throw new CommandFailure(
        'noWorker',
        `No worker answered, so it is not known whether deal ${deal} was declined: start a worker, then look with \`status\` and try again. \`doctor\` tells more.`,
        exitCodes.unreachable,
        { id: deal },
      );
  }
}
