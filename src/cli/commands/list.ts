import { type Command, Option } from 'commander';
import { attentionReasons } from '../../onboarding/failures';
import { onboardingStatuses } from '../../onboarding/status';
import type { ListedOnboarding, OnboardingFilter } from '../../client/listing';
import { parseCount, parseDayOrInstant } from '../arguments';
import { alignColumns, formatUtc, formatUtcOrDash } from '../output';
import type { Report, CommandRunner, Session } from '../session';

const LARGEST_LIMIT = 10_000;

interface ListOptions extends Pick<OnboardingFilter, 'status' | 'attentionReason' | 'startedAfter' | 'closedAfter'> {
  customer?: string;
  campaign?: string;
  reseller?: string;
  limit: number;
}

export function addListCommand(program: Command, run: CommandRunner): void {
  program
    .command('list')
    .description('list onboardings, the newest first; changes appear after a moment')
    .addOption(new Option('--status <status>', 'only those in this status').choices(onboardingStatuses))
    .addOption(
      new Option('--attention-reason <reason>', 'only those that need attention for this reason').choices(
        attentionReasons,
      ),
    )
    .option('--customer <guid>', 'only those of this customer')
    .option('--campaign <id>', 'only those of this campaign')
    .option('--reseller <id>', 'only those of this reseller')
    .option('--started-after <time>', 'only those started then or later', parseDayOrInstant)
    .option('--closed-after <time>', 'only those that ended then or later', parseDayOrInstant)
    .option('--limit <number>', 'at most this many', parseCount(LARGEST_LIMIT), 50)
    .action((options: ListOptions) => run((session) => list(session, options)));
}

async function list(session: Session, options: ListOptions): Promise<Report> {
  const { limit, customer: customerId, campaign: campaignId, reseller: resellerId, ...filters } = options;
  const found = await session.call((onboardings) =>
    onboardings.list({ ...filters, customerId, campaignId, resellerId }, limit),
  );
  return {
    text: found.onboardings.length === 0 ? 'No onboarding matches.' : describeOnboardings(found.onboardings),
    json: found,
    warning: found.more ? `There are more than ${limit}: narrow the list, or raise --limit.` : undefined,
  };
}

function describeOnboardings(onboardings: readonly ListedOnboarding[]): string {
  const rows = onboardings.map(
    ({ id, status, attentionReason, customerId, attempt, startedAt, acceptBy, closedAt }) => [
      id,
      attentionReason === undefined ? status : `${status} (${attentionReason})`,
      customerId ?? '',
      String(attempt),
      formatUtc(startedAt),
      formatUtcOrDash(acceptBy),
      formatUtcOrDash(closedAt),
    ],
  );
  return alignColumns([['DEAL', 'STATUS', 'CUSTOMER', 'ATTEMPT', 'STARTED', 'ACCEPT BY', 'ENDED'], ...rows]);
}
