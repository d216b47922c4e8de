import { type Command, Option } from 'commander';
import { type DeclineCode, declineCodes, readDecline } from '../../onboarding/acceptance';
import { dealArgument } from '../arguments';
import { CommandFailure, exitCodes, notOpenFailure, noWorkerFailure } from '../failures';
import { formatUtc } from '../output';
import type { Report, Run, Session } from '../session';

interface DeclineOptions {
  code: DeclineCode;
  comment?: string;
}

export function addDeclineCommand(program: Command, run: Run): void {
  program
    .command('decline')
    .description('report that the customer does not accept: ends the onboarding')
    .addArgument(dealArgument())
    .addOption(new Option('--code <code>', 'why').choices(declineCodes).makeOptionMandatory())
    .option('--comment <text>', 'in the customer’s words; no personal data')
    .action((deal: string, options: DeclineOptions) => run((session) => decline(session, deal, options)));
}

async function decline(session: Session, deal: string, { code, comment }: DeclineOptions): Promise<Report> {
  const checked = readDecline({ code, comment });
  if (typeof checked === 'string') throw new CommandFailure('usage', `${checked}.`, exitCodes.invalid);

  const result = await session.call((onboardings) => onboardings.decline(deal, checked));
  switch (result?.outcome) {
    case 'recorded':
      return {
        text: `Deal ${deal} is declined: ${code}, ${formatUtc(result.value.declinedAt)}.`,
        json: { outcome: 'recorded', id: deal, ...result.value },
      };
    case 'refused':
      throw new CommandFailure('refused', `The decline was refused: ${result.message}`, exitCodes.failed, {
        id: deal,
        reason: result.type,
      });
    case 'notOpen':
      throw notOpenFailure(deal, await session.call((onboardings) => onboardings.summary(deal)));
    case 'stored':
    case undefined:
      throw noWorkerFailure(
        deal,
        `it is not known whether deal ${deal} was declined: start a worker, check with \`status\` and try again.`,
      );
  }
}
