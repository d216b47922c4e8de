import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import type { AttentionReason } from '../../onboarding/failures';
import { parseWorkflowId } from '../../onboarding/ids';
import {
  callingQuery,
  type Found,
  findRuns,
  marksStuckRuns,
  overdueQuery,
  type RetriedCall,
  retriedCalls,
  getStuckCause,
  stuckQuery,
} from '../../client/run-health';
import { needsAttentionQuery } from '../../client/listing';
import { type Check, fault, ok, warning } from './check';

/** The eighth try is due after a minute of failures or later: no hiccup of Partner Center any more. */
const MANY_TRIES = 8;
/** Each is a call to the server of its own. */
const CALLS_LOOKED_AT = 20;

const STATUS = '`npm run cli -- status DEAL`';
const RETRY = '`npm run cli -- retry DEAL`';

const parkedMends: Record<AttentionReason, string> = {
  access: 'mend what Credentials says, then `npm run cli -- retry --reason access`',
  attestationRefused: `${STATUS} tells the problem; mend its cause and ${RETRY}, or cancel and start the deal again`,
  customerUnknown: `check the customer’s relationship with this partner in Partner Center, then ${RETRY}`,
  refused: `ask the customer whether Accept Agreement was selected, then ${RETRY}`,
  retriesUsedUp: 'check Partner Center’s health and the network, then `npm run cli -- retry --reason retriesUsedUp`',
};

const stuckMends: Record<string, string> = {
  NonDeterministicError:
    'the workers’ code does not fit these histories: run the version that they began with, or guard the change with `patched`; they go on by themselves',
  BadSearchAttributes: 'run `npm run setup:namespace`; they go on by themselves',
};
const OTHER_STUCK_MEND =
  'the worker’s log and the run’s history in the Temporal UI tell why; mend or roll back the workers, and they go on by themselves';

/** What each look at the runs of an installation is called, and how it is taken; each is a few calls to the server. */
export const runChecks: Record<string, (client: Client, taskQueue: string) => Promise<Check[]>> = {
  'Stuck runs': checkStuck,
  'Overdue runs': checkOverdue,
  'Parked runs': checkParked,
  'Long retries': checkRetries,
};

async function checkStuck(client: Client, taskQueue: string): Promise<Check[]> {
  const name = 'Stuck runs';
  if (!(await marksStuckRuns(client))) {
    return [
      warning(
        name,
        'the server does not mark runs whose workflow tasks fail',
        'set its dynamic configuration system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute to 5 (Temporal 1.30 or later)',
      ),
    ];
  }
  const found = await findRuns(client, stuckQuery(taskQueue));
  if (found.count === 0) return [ok(name, 'none')];
  const causes = [...new Set(found.runs.map(getStuckCause))];
  const mends = [...new Set(causes.map((cause) => stuckMends[cause] ?? OTHER_STUCK_MEND))];
  const finding = `every workflow task of ${numberOf(found)} fails (${causes.join(', ')}): ${named(found)}`;
  return [{ ...fault(name, finding, mends.join('; ')), ...counted(found) }];
}

async function checkOverdue(client: Client): Promise<Check[]> {
  const name = 'Overdue runs';
  const found = await findRuns(client, overdueQuery(Date.now()));
  if (found.count === 0) return [ok(name, 'none')];
  const finding = `the link of ${numberOf(found)} ended more than an hour ago, and nothing came of it: ${named(found)}`;
  const mend = `a running worker ends them at once; if one runs, look at its log and at ${STATUS}`;
  return [{ ...fault(name, finding, mend), ...counted(found) }];
}

async function checkParked(client: Client): Promise<Check[]> {
  const checks = await Promise.all(
    Object.entries(parkedMends).map(async ([reason, mend]) => {
      const found = await findRuns(client, needsAttentionQuery(reason as AttentionReason));
      if (found.count === 0) return [];
      const finding = `${numberOf(found)} ${found.count === 1 ? 'waits' : 'wait'} for a human: ${named(found)}`;
      return [{ ...warning(`Parked: ${reason}`, finding, mend), ...counted(found) }];
    }),
  );
  const parked = checks.flat();
  return parked.length > 0 ? parked : [ok('Parked runs', 'none')];
}

async function checkRetries(client: Client): Promise<Check[]> {
  const name = 'Long retries';
  const calling = await findRuns(client, callingQuery(), CALLS_LOOKED_AT);
  const calls = await retriedCalls(client, calling.runs, MANY_TRIES);
  const lookedAt = calling.count > calling.runs.length ? ` of the ${calling.runs.length} newest calls` : '';
  if (calls.length === 0) return [ok(name, `none${lookedAt}`)];
  const finding = `${calls.length}${lookedAt} failed ${MANY_TRIES - 1} times or more: ${calls.slice(0, 3).map(describeCall).join(', ')}`;
  const mend = `nothing is lost: tried on for 24 hours, then parked; ${STATUS}, and check Partner Center’s health and the network`;
  return [{ ...warning(name, finding, mend), count: calls.length, ids: calls.map(({ id }) => id) }];
}

function describeCall({ id, activity, attempt, failure }: RetriedCall): string {
  return `${id} (${activity}, try ${attempt}, last ${failure})`;
}

function numberOf({ count }: Found): string {
  return count === 1 ? 'one run' : `${count} runs`;
}

function named({ count, runs }: Found): string {
  const more = count > runs.length ? [`… and ${count - runs.length} more`] : [];
  return [...idsOf(runs), ...more].join(', ');
}

function counted({ count, runs }: Found): Required<Pick<Check, 'count' | 'ids'>> {
  return { count, ids: idsOf(runs) };
}

function idsOf(runs: readonly WorkflowExecutionInfo[]): string[] {
  return runs.map(({ workflowId }) => parseWorkflowId(workflowId));
}
