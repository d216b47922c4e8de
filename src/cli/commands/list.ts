import { type Command, InvalidArgumentError, Option } from 'commander';
import { type AttentionReason, attentionReasons } from '../../onboarding/failures';
import { type OnboardingStatus, onboardingStatuses } from '../../onboarding/view';
import type { ListedOnboarding, OnboardingFilter } from '../../client/listing';
import { alignColumns } from '../columns';
import { onDemand } from '../on-demand';
import type { Report, Run } from '../report';
import type { Session } from '../session';
import { dayOrMomentArgument, utc } from '../times';

const LARGEST_LIMIT = 10_000;

interface ListOptions {
  status?: OnboardingStatus;
  attentionReason?: AttentionReason;
  customer?: string;
  campaign?: string;
  reseller?: string;
  startedAfter?: Date;
  closedAfter?: Date;
  limit: number;
}

export function addListCommand(program: Command, run: Run): void {
  program
    .command('list')
    .description('onboardings, the newest first; a change shows after a moment')
    .addOption(new Option('--status <status>', 'only those in this status').choices(onboardingStatuses))
    .addOption(
      new Option('--attention-reason <reason>', 'only those that wait for a human, for this reason').choices(
        attentionReasons,
      ),
    )
    .option('--customer <guid>', 'only those of this customer')
    .option('--campaign <id>', 'only those of this campaign')
    .option('--reseller <id>', 'only those of this reseller')
    .option('--started-after <time>', 'only those started then or later', dayOrMomentArgument)
    .option('--closed-after <time>', 'only those that ended then or later', dayOrMomentArgument)
    .option('--limit <number>', 'at most so many', limitArgument, 50)
    .action((options: ListOptions) => run((session) => list(session, options)));
}

async function list(
  session: Session,
  { limit, customer, campaign, reseller, ...filters }: ListOptions,
): Promise<Report> {
  const { listOnboardings } = onDemand.listing();
  const filter: OnboardingFilter = {
    ...filters,
    ...(customer !== undefined && { customerId: customer }),
    ...(campaign !== undefined && { campaignId: campaign }),
    ...(reseller !== undefined && { resellerId: reseller }),
  };
  const found = await session.temporal((client) => listOnboardings(client, filter, limit));
  return {
    text: found.onboardings.length === 0 ? 'No onboarding fits.' : describeOnboardings(found.onboardings),
    json: found,
    ...(found.more && { warning: `There are more than ${limit}: narrow the list, or raise --limit.` }),
  };
}

function describeOnboardings(onboardings: readonly ListedOnboarding[]): string {
  const rows = onboardings.map(
    ({ id, status, attentionReason, customerId = '', attempt, startedAt, acceptBy, closedAt }) => [
      id,
      attentionReason === undefined ? status : `${status} (${attentionReason})`,
      customerId,
      String(attempt),
      utc(startedAt),
      acceptBy === undefined ? '-' : utc(acceptBy),
      closedAt === undefined ? '-' : utc(closedAt),
    ],
  );
  return alignColumns([['DEAL', 'STATUS', 'CUSTOMER', 'ATTEMPT', 'STARTED', 'ACCEPT BY', 'ENDED'], ...rows]);
}

function limitArgument(value: string): number {
  const limit = Number(value);
  if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_LIMIT) {
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${LARGEST_LIMIT}.`);
  }
  return limit;
}
