import type { Command } from 'commander';
import type { DeliveryReport } from '../../client/deliveries';
import type { DeliveryFailure, EventDelivery } from '../../onboarding/event-delivery';
import { dealArgument, parseCount } from '../arguments';
import { CommandFailure } from '../failures';
import { alignColumns, formatUtc, formatUtcOrDash } from '../output';
import type { Report, CommandRunner, Session } from '../session';

const LARGEST_SEQUENCE = 1_000_000; // far more than a run can have

export function addEventsCommand(program: Command, run: CommandRunner): void {
  const events = program
    .command('events')
    .description('show the events that a deal has sent to the CRM, or send them again');
  events
    .command('list')
    .description('list the events of the deal’s newest run, and whether the CRM received them')
    .addArgument(dealArgument())
    .action((deal: string) => run((session) => list(session, deal)));
  events
    .command('resend')
    .description('deliver events again under the same ids; a pending retry starts immediately')
    .addArgument(dealArgument())
    .option('--sequence <number>', 'only this event (default: all)', parseCount(LARGEST_SEQUENCE))
    .action((deal: string, { sequence }: { sequence?: number }) => run((session) => resend(session, deal, sequence)));
}

async function list(session: Session, deal: string): Promise<Report> {
  const report = await session.call((onboardings) => onboardings.deliveryReport(deal));
  if (report === undefined) return { text: describeNoEvents(deal), json: { id: deal, isOpen: false, events: [] } };
  return { text: describeDeliveries(report), json: { id: deal, ...report } };
}

async function resend(session: Session, deal: string, sequence: number | undefined): Promise<Report> {
  const result = await session.call((onboardings) => onboardings.resendEvents(deal, sequence));
  switch (result?.outcome) {
    case 'resent':
      return {
        text: `Events of deal ${deal} sent again to the CRM: ${result.sequences.join(', ')}. \`events list\` shows the result.`,
        json: { id: deal, ...result },
      };
    case 'unknownEvent': {
      const { known } = result;
      const message = `Deal ${deal} has no event ${sequence}; it has ${known.join(', ')}.`;
      throw new CommandFailure('unknownEvent', message, { id: deal, known });
    }
    case undefined:
      throw new CommandFailure('noEvents', describeNoEvents(deal), { id: deal });
  }
}

function describeNoEvents(deal: string): string {
  return `Deal ${deal} has no events: it has no callbackUrl, or nothing has happened yet.`;
}

function describeDeliveries({ events, trying }: DeliveryReport): string {
  const rows = events.map((event) => [
    String(event.sequence),
    event.type,
    formatUtc(event.timestamp),
    event.state,
    formatUtcOrDash(event.settledAt),
    describeFailure(event, trying) ?? '-',
  ]);
  return alignColumns([['EVENT', 'TYPE', 'HAPPENED', 'STATE', 'SINCE', 'WHY'], ...rows]);
}

function describeFailure({ sequence, failure }: EventDelivery, trying: DeliveryReport['trying']): string | undefined {
  if (failure) return describeReason(failure);
  if (trying?.sequence !== sequence || trying.lastFailure === undefined) return undefined;
  return `${describeReason(trying.lastFailure)} Attempt ${trying.attempt} follows.`;
}

function describeReason({ title, type }: DeliveryFailure): string {
  return `${title} (${type})`;
}
