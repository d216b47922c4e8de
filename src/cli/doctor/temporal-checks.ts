import type { Client } from '@temporalio/client';
import { ConfigurationError, readTemporalSettings } from '../../config';
import { temporalTarget } from '../../temporal/connection';
import { MIN_RETENTION_DAYS, retentionDays, RETENTION_DAYS, searchAttributeFaults } from '../../temporal/namespace';
import { failureOf } from '../failure-of';
import type { Session } from '../session';
import { type Check, fault, ok, warning } from './check';
import { runChecks } from './run-checks';
import { workerChecks } from './worker-checks';

const SET_UP = 'run `npm run setup:namespace`';
const CALL_DEADLINE_MS = 5_000;

/** The server, the namespace, the workers and the runs. What cannot be looked at for an earlier fault is left out. */
export async function checkTemporal(session: Session): Promise<Check[]> {
  const { environment } = session.host;
  const settings = readSettings(() => ({ ...temporalTarget(environment), ...readTemporalSettings(environment) }));
  if (Array.isArray(settings)) return settings;
  const { address, namespace, taskQueue } = settings;
  const version = await attempt(session, `Temporal ${address}`, async ({ workflowService }) => {
    const { serverVersion } = await workflowService.getSystemInfo({});
    return ok(`Temporal ${address}`, serverVersion ? `answers, server ${serverVersion}` : 'answers');
  });
  if (version.state === 'fault') return [version];

  let days: number | undefined;
  const present = await attempt(session, `Namespace ${namespace}`, async ({ connection }) => {
    days = await retentionDays(connection, namespace);
    return days === undefined
      ? fault(`Namespace ${namespace}`, 'does not exist', `set TEMPORAL_NAMESPACE, or ${SET_UP}`)
      : ok(`Namespace ${namespace}`, 'exists');
  });
  if (days === undefined) return [version, present];

  const [attributes, workers] = await Promise.all([
    attempt(session, 'Search attributes', (client) => searchAttributesCheck(client, namespace)),
    Promise.all(workerChecks(namespace, taskQueue).map(({ name, look }) => attempt(session, name, look))),
  ]);
  const runs = attributes.state === 'fault' ? [] : await checkRuns(session, taskQueue);
  return [version, present, retentionCheck(days), attributes, ...workers, ...runs];
}

async function checkRuns(session: Session, taskQueue: string): Promise<Check[]> {
  const checks = await Promise.all(
    Object.entries(runChecks).map(([name, check]) => attempt(session, name, (client) => check(client, taskQueue))),
  );
  return checks.flat();
}

function retentionCheck(days: number): Check {
  const finding = `closed runs are kept for ${days === 1 ? 'one day' : `${days} days`}`;
  if (days >= MIN_RETENTION_DAYS) return ok('Retention', finding);
  return warning(
    'Retention',
    `${finding}, after which a deal that is sent again starts again`,
    `${SET_UP}, which sets ${RETENTION_DAYS} days`,
  );
}

async function searchAttributesCheck({ connection }: Client, namespace: string): Promise<Check> {
  const faults = await searchAttributeFaults(connection, namespace);
  if (faults === undefined) {
    return warning(
      'Search attributes',
      'the server does not tell them',
      'compare them in its own console or with tcld',
    );
  }
  return faults.length === 0
    ? ok('Search attributes', 'all registered')
    : fault('Search attributes', faults.join('; '), SET_UP);
}

function readSettings<T extends object>(read: () => T): T | Check[] {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.faults.map((finding) => ({ name: 'Temporal settings', state: 'fault', finding }));
  }
}

/** The check, or the fault that kept it from being made. */
async function attempt<Found extends Check | Check[]>(
  session: Session,
  name: string,
  check: (client: Client) => Promise<Found>,
): Promise<Found | Check> {
  try {
    return await session.temporal(check, CALL_DEADLINE_MS);
  } catch (error) {
    return { name, state: 'fault', finding: failureOf(error).message };
  }
}
