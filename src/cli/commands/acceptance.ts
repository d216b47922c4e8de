/** The customer's decision: the page on which it is made, and the reports of an operator who learned of it. */
import { type Command, Option } from 'commander';
import {
  textLimits,
  type Acceptance,
  type DeclineCode,
  declineCodes,
  readAcceptance,
  readDecline,
} from '../../onboarding/acceptance';
import { buildMicrosoftPageUrl } from '../../onboarding/acceptance-link';
import { dealArgument, parseInstant } from '../arguments';
import { CommandFailure, notOpenFailure, noWorkerFailure } from '../failures';
import { formatUtc } from '../output';
import type { Report, CommandRunner, Session } from '../session';

interface AcceptOptions {
  acceptanceId?: string;
  acceptedAt?: Date;
  reason?: string;
  actor?: string;
}

interface DeclineOptions {
  code: DeclineCode;
  comment?: string;
}

export function addAcceptanceCommands(program: Command, run: CommandRunner): void {
  program
    .command('accept')
    .description('report that the customer has accepted in Microsoft’s window')
    .addArgument(dealArgument())
    .option('--acceptance-id <id>', 'makes it safe to repeat: the same id gets the same receipt')
    .option('--accepted-at <time>', 'when the customer accepted (default: now)', parseInstant)
    .option('--reason <text>', 'how you know; no personal data')
    .option('--actor <name>', 'who reports it (default: your operating system user)')
    .action((deal: string, options: AcceptOptions) => run((session) => accept(session, deal, options)));
  program
    .command('decline')
    .description('report that the customer does not accept; this ends the onboarding')
    .addArgument(dealArgument())
    .addOption(new Option('--code <code>', 'why').choices(declineCodes).makeOptionMandatory())
    .option('--comment <text>', 'in the customer’s words; no personal data')
    .action((deal: string, options: DeclineOptions) => run((session) => decline(session, deal, options)));
  program
    .command('frame')
    .description('print the URL of Microsoft’s page for the current attestation; treat it as a secret')
    .addArgument(dealArgument())
    .action((deal: string) => run((session) => frame(session, deal)));
}

async function accept(session: Session, deal: string, options: AcceptOptions): Promise<Report> {
  const acceptance = checkAcceptance(options, session.host.operator);
  const result = await session.call((onboardings) => onboardings.reportAcceptance(deal, acceptance));
  switch (result.outcome) {
    case 'recorded': {
      const { acceptedAt, acceptanceId } = result.value;
      return {
        text: `The acceptance of deal ${deal} is recorded: ${formatUtc(acceptedAt)}, id ${acceptanceId}.`,
        json: { outcome: result.outcome, id: deal, receipt: result.value },
      };
    }
    case 'stored':
      return {
        text:
          `No worker answered. The acceptance of deal ${deal} is stored under id ${result.acceptanceId}. It counts as ` +
          'soon as a worker runs, provided that the customer was invited and accepted in time; `status` then shows it.',
        json: { ...result, id: deal },
      };
    case 'refused':
      throw refusedFailure(deal, 'acceptance', result);
    case 'notOpen':
      throw await readNotOpenFailure(session, deal);
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
  const { acceptanceId, actor, reason } = textLimits;
  const limits = `acceptanceId takes up to ${acceptanceId} characters, actor ${actor}, reason ${reason}`;
  throw new CommandFailure('usage', `Empty or too long: ${dropped.join(', ')}. ${limits}.`, { members: dropped });
}

async function decline(session: Session, deal: string, { code, comment }: DeclineOptions): Promise<Report> {
  const checked = readDecline({ code, comment });
  if (typeof checked === 'string') throw new CommandFailure('usage', `${checked}.`);

  const result = await session.call((onboardings) => onboardings.reportDecline(deal, checked));
  switch (result?.outcome) {
    case 'recorded':
      return {
        text: `Deal ${deal} is declined: ${code}, ${formatUtc(result.value.declinedAt)}.`,
        json: { outcome: 'recorded', id: deal, ...result.value },
      };
    case 'refused':
      throw refusedFailure(deal, 'decline', result);
    case 'notOpen':
      throw await readNotOpenFailure(session, deal);
    case 'stored':
    case undefined:
      throw noWorkerFailure(
        deal,
        `it is not known whether deal ${deal} was declined: start a worker, check with \`status\` and try again.`,
      );
  }
}

function refusedFailure(deal: string, report: string, refusal: { type: string; message: string }): CommandFailure {
  const message = `The ${report} was refused: ${refusal.message}`;
  return new CommandFailure('refused', message, { id: deal, reason: refusal.type });
}

async function readNotOpenFailure(session: Session, deal: string): Promise<CommandFailure> {
  return notOpenFailure(deal, await session.call((onboardings) => onboardings.summary(deal)));
}

async function frame(session: Session, deal: string): Promise<Report> {
  const { readMicrosoftPageUrl } = require('../../config') as typeof import('../../config');
  const microsoftPageUrl = readMicrosoftPageUrl(session.host.environment);
  const { status, partial, attestation } = await session.call((onboardings) => onboardings.view(deal));
  if (partial) {
    throw noWorkerFailure(deal, `the attestation of deal ${deal} cannot be read: start a worker.`);
  }
  if (!attestation?.live) {
    const end = attestation && formatUtc(attestation.expiresAt);
    const reason = end === undefined ? 'it has no attestation' : `its attestation is no longer valid (expiry ${end})`;
    const message = `Deal ${deal} has nothing to accept: its status is ${status}, and ${reason}.`;
    throw new CommandFailure('noLiveAttestation', message, { id: deal, status });
  }
  const { id, round, expiresAt } = attestation;
  const url = buildMicrosoftPageUrl(microsoftPageUrl, id);
  return {
    text: url,
    json: { url, round, expiresAt },
    warning: `Anyone who has this link can accept for the customer until ${formatUtc(expiresAt)}: give it to the signatory only.`,
  };
}
