import type { Command } from 'commander';
import type * as Config from '../../config';
import { dealArgument } from '../arguments';
import { CommandFailure, exitCodes, noWorkerFailure } from '../failures';
import { formatUtc } from '../output';
import type { Report, Run, Session } from '../session';

export function addFrameCommand(program: Command, run: Run): void {
  program
    .command('frame')
    .description('print the URL of Microsoft’s acceptance page for the current attestation: a secret')
    .addArgument(dealArgument())
    .action((deal: string) => run((session) => frame(session, deal)));
}

async function frame(session: Session, deal: string): Promise<Report> {
  const { readAcceptanceUrl } = require('../../config') as typeof Config;
  const url = new URL(readAcceptanceUrl(session.host.environment));
  const { status, partial, attestation } = await session.call((onboardings) => onboardings.view(deal));
  if (partial) {
    throw noWorkerFailure(
      deal,
      `the attestation of deal ${deal}, which only a worker knows, cannot be read: start one.`,
    );
  }
  if (!attestation?.live) {
    const reason = attestation
      ? `its attestation ended at ${formatUtc(attestation.expiresAt)}`
      : 'it has no attestation';
    throw new CommandFailure(
      'noLiveAttestation',
      `Deal ${deal} has nothing to accept: its status is ${status}, and ${reason}.`,
      exitCodes.failed,
      { id: deal, status },
    );
  }
  url.searchParams.set('attestationid', attestation.id); // Microsoft's page reads it in lower case only
  const { round, expiresAt } = attestation;
  return {
    text: url.href,
    json: { url: url.href, round, expiresAt },
    warning: `Anyone who has this link can accept for the customer until ${formatUtc(expiresAt)}: give it to the signatory only.`,
  };
}
