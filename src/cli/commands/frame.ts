import type { Command } from 'commander';
import { dealArgument, dealDescription } from '../deal';
import { CommandFailure, exitCodes } from '../failures';
import { onDemand } from '../on-demand';
import type { Report, Run } from '../report';
import type { Session } from '../session';
import { utc } from '../times';

export function addFrameCommand(program: Command, run: Run): void {
  program
    .command('frame')
    .description('print the URL of Microsoft’s acceptance page for the current attestation: a secret')
    .argument('<deal>', dealDescription, dealArgument)
    .action((deal: string) => run((session) => frame(session, deal)));
}

async function frame(session: Session, deal: string): Promise<Report> {
  const { readAcceptanceUrl } = onDemand.config();
  const acceptanceUrl = new URL(readAcceptanceUrl(session.host.environment));
  const { readView } = onDemand.overview();
  const { status, partial, attestation } = await session.temporal((client) => readView(client, deal));
  if (partial) {
    throw new CommandFailure(
      'noWorker',
      `No worker answered, and only a worker can tell the attestation of deal ${deal}: start one. \`doctor\` tells more.`,
      exitCodes.unreachable,
      { id: deal },
    );
  }
  if (!attestation?.live) {
    const reason = attestation ? `its attestation ended at ${utc(attestation.expiresAt)}` : 'it has no attestation';
    throw new CommandFailure(
      'noLiveAttestation',
      `Deal ${deal} has nothing to accept: it is in ${status}, and ${reason}.`,
      exitCodes.failed,
      { id: deal, status },
    );
  }
  acceptanceUrl.searchParams.set('attestationid', attestation.id); // in lower case, as Microsoft's page reads it
  const { round, expiresAt } = attestation;
  return {
    text: acceptanceUrl.href,
    json: { url: acceptanceUrl.href, round, expiresAt },
    warning: `Whoever holds this link can accept for the customer, until ${utc(expiresAt)}: hand it to the signatory only.`,
  };
}
