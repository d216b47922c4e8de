import { InvalidArgumentError } from 'commander';
import { CommandFailure, exitCodes } from './failures';
import { onDemand } from './on-demand';
import type { Session } from './session';

const DEAL = /^([A-Za-z0-9][A-Za-z0-9_-]{0,62}:)?[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

export const dealDescription = 'dealId, or resellerId:dealId for a reseller’s deal';

/** The argument DEAL. @throws InvalidArgumentError */
export function dealArgument(value: string): string {
  if (!DEAL.test(value)) throw new InvalidArgumentError(`It must be a ${dealDescription}.`);
  return value;
}

/** The failure of a command that needs an open run. @throws WorkflowNotFoundError where the deal has none at all. */
export async function notOpen(session: Session, deal: string): Promise<CommandFailure> {
  const { readSummary } = onDemand.overview();
  const { status } = await session.temporal((client) => readSummary(client, deal));
  return new CommandFailure('notOpen', `The onboarding of deal ${deal} has ended: ${status}.`, exitCodes.failed, {
    id: deal,
    status,
  });
}
