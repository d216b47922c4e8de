import type { Command } from 'commander';
import { type Acceptance, readAcceptance } from '../../onboarding/acceptance';
import { dealArgument, dealDescription, notOpen } from '../deal';
import { CommandFailure, exitCodes } from '../failures';
import { onDemand } from '../on-demand';
import type { Report, Run } from '../report';
import type { Session } from '../session';
import { momentArgument, utc } from '../times';

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
    .argument('<deal>', dealDescription, dealArgument)
    .option('--acceptance-id <id>', 'makes a repetition harmless: the same id gets the same receipt')
    .option('--accepted-at <time>', 'when the customer accepted (default: now)', momentArgument)
    .option('--reason <text>', 'how you know; no personal data')
    .option('--actor <name>', 'who reports it (default: the user of this operating system)')
    .action((deal: string, options: AcceptOptions) => run((session) => accept(session, deal, options)));
}

async function accept(session: Session, deal: string, options: AcceptOptions): Promise<Report> {
  const acceptance = checkedAcceptance(session, options);
  const { reportAcceptance } = onDemand.answers();
  const told = await session.temporal((client) => reportAcceptance(client, deal, acceptance));
  switch (told.outcome) {
    case 'recorded':
      return {
        text: `The acceptance of deal ${deal} is recorded: ${utc(told.value.acceptedAt)}, id ${told.value.acceptanceId}.`,
        json: { outcome: told.outcome, id: deal, receipt: told.value },
      };
    case 'stored':
      return {
        text:
          `No worker answered. The acceptance of deal ${deal} is stored under id ${told.acceptanceId}; it counts as soon ` +
          'as a worker runs, provided that the customer was invited and in time. `status` then tells.',
        json: { ...told, id: deal },
      };
    case 'refused':
      throw new CommandFailure('refused', `The acceptance was refused: ${told.message}`, exitCodes.failed, {
        id: deal,
        reason: told.type,
      });
    case 'notOpen':
      throw await notOpen(session, deal);
  }
}

/** A run leaves out what it cannot read; an operator is told instead. */
function checkedAcceptance({ host }: Session, options: AcceptOptions): Acceptance {
  const { acceptance, dropped } = readAcceptance({
    source: 'operator',
    actor: options.actor ?? host.operator,
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
