import type { FoundRuns, PendingCall, RunHealth } from '../../client/run-health';
import { attentionReasons, remediations } from '../../onboarding/failures';
import type { Session } from '../session';
import { type Check, fault, ok, runCheck, warning } from './check';

/** Pending after seven failures, which take at least a minute: more than a short interruption of Partner Center. */
const MANY_ATTEMPTS = 8;
const MAX_CALLS_CHECKED = 20; // the server is asked once for each

const STATUS = '`npx onboarding status DEAL`';
const RETRY = '`npx onboarding retry DEAL`';

const stuckRemediations: Record<string, string> = {
  NonDeterministicError:
    'the workers’ code does not match these histories: run the version that the runs started with, or guard the change with `patched`; the runs then continue automatically',
  BadSearchAttributes: 'run `npm run setup:namespace`; the runs then continue automatically',
};
const OTHER_STUCK_REMEDIATION =
  'the worker’s log and the run’s history in the Temporal UI show the cause; fix or roll back the workers; the runs then continue automatically';

/** Whether any open run of this installation is stuck, overdue, waiting for an operator, or in a long retry. */
export async function checkRuns(session: Session): Promise<Check[]> {
  const checks: [string, (name: string, health: RunHealth) => Promise<Check | Check[]>][] = [
    ['Stuck runs', checkStuck],
    ['Overdue runs', checkOverdue],
    ['Needs attention', checkNeedingAttention],
    ['Long retries', checkLongRetries],
  ];
  const results = checks.map(([name, check]) => runCheck(session, name, ({ health }) => check(name, health)));
  return (await Promise.all(results)).flat();
}

async function checkStuck(name: string, health: RunHealth): Promise<Check> {
  const found = await health.findStuck();
  if (found === undefined) {
    return warning(
      name,
      'the server does not mark runs whose workflow tasks fail',
      'set its dynamic configuration system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute to 5 (Temporal 1.30 or later)',
    );
  }
  const { count, ids, causes } = found;
  if (count === 0) return ok(name, 'none');
  const fixes = new Set(causes.map((cause) => stuckRemediations[cause] ?? OTHER_STUCK_REMEDIATION));
  const finding = `the workflow tasks of ${describeCount(found)} fail repeatedly (${causes.join(', ')}): ${describeIds(found)}`;
  return { ...fault(name, finding, [...fixes].join('; ')), count, ids };
}

async function checkOverdue(name: string, health: RunHealth): Promise<Check> {
  const found = await health.findOverdue();
  if (found.count === 0) return ok(name, 'none');
  const finding = `the link of ${describeCount(found)} expired more than an hour ago without an outcome: ${describeIds(found)}`;
  const remediation = `start a worker, which completes them immediately; if one is running, see its log and ${STATUS}`;
  return { ...fault(name, finding, remediation), ...found };
}

async function checkNeedingAttention(name: string, health: RunHealth): Promise<Check[]> {
  const checks = attentionReasons.map(async (reason): Promise<Check[]> => {
    const found = await health.findNeedingAttention(reason);
    if (found.count === 0) return [];
    const finding = `${describeCount(found)} ${found.count === 1 ? 'is' : 'are'} waiting for an operator: ${describeIds(found)}`;
    const remediation = `${remediations[reason]} Then \`npx onboarding retry --reason ${reason}\`, or ${RETRY} for one.`;
    return [{ ...warning(`${name}: ${reason}`, finding, remediation), ...found }];
  });
  const waiting = (await Promise.all(checks)).flat();
  return waiting.length > 0 ? waiting : [ok(name, 'none')];
}

async function checkLongRetries(name: string, health: RunHealth): Promise<Check> {
  const { calling, inspected, calls } = await health.findLongRetries(MANY_ATTEMPTS, MAX_CALLS_CHECKED);
  const ofInspected = calling > inspected ? ` of the ${inspected} newest calls` : '';
  if (calls.length === 0) return ok(name, `none${ofInspected}`);
  const examples = calls.slice(0, 3).map(describeCall).join(', ');
  const finding = `${calls.length}${ofInspected} failed ${MANY_ATTEMPTS - 1} times or more: ${examples}`;
  const remediation = `nothing is lost: the calls are retried for 24 hours, then the runs need attention; see ${STATUS}, and check Partner Center’s health and the network`;
  return { ...warning(name, finding, remediation), count: calls.length, ids: calls.map(({ id }) => id) };
}

function describeCall({ id, activity, attempt, failure }: PendingCall): string {
  return `${id} (${activity}, attempt ${attempt}, last failure ${failure})`;
}

function describeCount({ count }: FoundRuns): string {
  return count === 1 ? 'one run' : `${count} runs`;
}

function describeIds({ count, ids }: FoundRuns): string {
  return count > ids.length ? `${ids.join(', ')}, … and ${count - ids.length} more` : ids.join(', ');
}
