import type { Command } from 'commander';
import { type Acceptance, readAcceptance } from '../../onboarding/acceptance';
import { dealArgument, parseMoment } from '../arguments';
import { CommandFailure, exitCodes, notOpenFailure } from '../failures';
import { formatUtc } from '../output';
import type { Report, Run, Session } from '../session';

interface AcceptOptions {
  acceptanceId?: string;
  acceptedAt?: Date;
  reason?: string;
  actor?: string;
}

export function addAcceptCommand(program: Command, run: Run): void {
  program
    .command('accept')
    .description('report that the customer has accepted in Microsoft’s window')
    .addArgument(dealArgument())
    .option('--acceptance-id <id>', 'makes a repetition harmless: the same id gets the same receipt')
    .option('--accepted-at <time>', 'when the customer accepted (default: now)', parseMoment)
    .option('--reason <text>', 'how you know; no personal data')
    .option('--actor <name>', 'who reports it (default: the user of this operating system)')
    .action((deal: string, options: AcceptOptions) => run((session) => accept(session, deal, options)));
}

async function accept(session: Session, deal: string, options: AcceptOptions): Promise<Report> {
  const acceptance = checkAcceptance(options, session.host.operator);
  const result = await session.call((onboardings) => onboardings.reportAcceptance(deal, acceptance));
  switch (result.outcome) {
    case 'recorded':
      return {
        text: `The acceptance of deal ${deal} is recorded: ${formatUtc(result.value.acceptedAt)}, id ${result.value.acceptanceId}.`,
        json: { outcome: result.outcome, id: deal, receipt: result.value },
      };
    case 'stored':
      return {
        text:
          `No worker answered. The acceptance of deal ${deal} is stored under id ${result.acceptanceId}. A worker takes it ` +
          'into account as soon as one runs, if the customer was invited and accepted in time; `status` then shows it.',
        json: { ...result, id: deal },
      };
    case 'refused':
      throw new CommandFailure('refused', `The acceptance was refused: ${result.message}`, exitCodes.failed, {
        id: deal,
        reason: result.type,
      });
    case 'notOpen':
      throw notOpenFailure(deal, await session.call((onboardings) => onboardings.summary(deal)));
  }
}

/** A run ignores what it cannot read in an acceptance; here it is a usage error. */
function checkAcceptance(options: AcceptOptions, operator: string | undefined): Acceptance {
  const { acceptance, dropped } = readAcceptance({
    source: 'operator',
    actor: options.actor ?? operator,
    reason: options.reason,
    acceptanceId: options.acceptanceId,
    acceptedAt: options.acceptedAt?.toISOString(),
  });
  if (dropped.length === 0) return acceptance;
  throw new CommandFailure(
    'usage',
    `Empty or too long: ${dropped.join(', ')}. acceptanceId takes up to 128 characters, actor 200, reason 1000.`,
    exitCodes.invalid,
    { members: dropped },
  );
}
