import { type Command, InvalidArgumentError } from 'commander';
import type { DeliveryFailure, EventDelivery } from '../../onboarding/events';
import type { DeliveryReport, OpenTry } from '../../client/deliveries';
import { alignColumns } from '../columns';
import { dealArgument, dealDescription } from '../deal';
import { CommandFailure, exitCodes } from '../failures';
import { onDemand } from '../on-demand';
import type { Report, Run } from '../report';
import type { Session } from '../session';
import { utc } from '../times';

export function addEventsCommand(program: Command, run: Run): void {
  const events = program.command('events').description('what the CRM was told of a deal, and telling it again');
  events
    .command('list')
    .description('the events of the deal’s newest run, and whether the CRM took them')
    .argument('<deal>', dealDescription, dealArgument)
    .action((deal: string) => run((session) => list(session, deal)));
  events
    .command('resend')
    .description('deliver events again, under the ids they had; what is being tried is tried at once')
    .argument('<deal>', dealDescription, dealArgument)
    .option('--sequence <number>', 'only this one (default: all of them)', sequenceArgument)
    .action((deal: string, { sequence }: { sequence?: number }) => run((session) => resend(session, deal, sequence)));
}

async function list(session: Session, deal: string): Promise<Report> {
  const { readDelivery } = onDemand.deliveries();
  const report = await session.temporal((client) => readDelivery(client, deal));
  if (report === undefined) {
    return {
      text: `Deal ${deal} has no events: it has no callbackUrl, or nothing was to be told yet.`,
      json: { id: deal, isOpen: false, events: [] },
    };
  }
  return { text: describeReport(report), json: { id: deal, ...report } };
}

async function resend(session: Session, deal: string, sequence: number | undefined): Promise<Report> {
  const { resendEvents } = onDemand.deliveries();
  const resent = await session.temporal((client) => resendEvents(client, deal, sequence));
  switch (resent?.outcome) {
    case 'resent':
      return {
        text: `The CRM is sent again of deal ${deal}: ${resent.sequences.join(', ')}. \`events list\` tells what becomes of them.`,
        json: { id: deal, ...resent },
      };
    case 'unknownEvent':
      throw new CommandFailure(
        'unknownEvent',
        `Deal ${deal} has no event ${sequence}; it has ${resent.known.join(', ')}.`,
        exitCodes.failed,
        { id: deal, known: resent.known },
      );
    case undefined:
      throw new CommandFailure(
        'noEvents',
        `Deal ${deal} has no events: it has no callbackUrl, or nothing was to be told yet.`,
        exitCodes.failed,
        { id: deal },
      );
  }
}

function describeReport({ events, trying }: DeliveryReport): string {
  const rows = events.map((event) => [
    String(event.sequence),
    event.type,
    utc(event.timestamp),
    event.state,
    event.settledAt === undefined ? '-' : utc(event.settledAt),
    describeFailure(event, trying) ?? '-',
  ]);
  return alignColumns([['EVENT', 'TYPE', 'HAPPENED', 'STATE', 'SINCE', 'WHY'], ...rows]);
}

function describeFailure({ sequence, failure }: EventDelivery, trying: OpenTry | undefined): string | undefined {
  if (failure) return describeReason(failure);
  if (trying?.sequence !== sequence || trying.lastFailure === undefined) return undefined;
  return `${describeReason(trying.lastFailure)} Attempt ${trying.attempt} follows.`;
}

function describeReason({ title, type }: DeliveryFailure): string {
  return `${title} (${type})`;
}

function sequenceArgument(value: string): number {
  const sequence = Number(value);
  if (!Number.isInteger(sequence) || sequence < 1) throw new InvalidArgumentError('It must be the number of an event.');
  return sequence;
}
