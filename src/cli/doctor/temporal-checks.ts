import type { OnboardingClient } from '../../client/onboarding-client';
import { readTemporalSettings } from '../../config';
import {
  MIN_RETENTION_DAYS,
  readRetentionDays,
  RETENTION_DAYS,
  findSearchAttributeFaults,
} from '../../temporal/namespace';
import type { Session } from '../session';
import { type Check, fault, ok, runCheck, toConfigurationFaults, warning } from './check';
import { checkRuns } from './run-checks';
import { checkWorkers } from './worker-checks';

const SET_UP = 'run `npm run setup:namespace`';

/** The server, the namespace, the workers and the runs. Checks that an earlier fault makes impossible are left out. */
export async function checkTemporal(session: Session): Promise<Check[]> {
  const settings = checkSettings(session);
  if (settings.some(({ state }) => state === 'fault')) return settings;
  const { address, namespace } = session.target;
  const { taskQueue } = readTemporalSettings(session.host.environment);

  const serverName = `Temporal ${address}`;
  const server = await runCheck(session, serverName, async ({ temporal }) => {
    const { serverVersion } = await temporal.workflowService.getSystemInfo({});
    return ok(serverName, serverVersion ? `answers, server ${serverVersion}` : 'answers');
  });
  if (server.state === 'fault') return [...settings, server];

  const namespaceName = `Namespace ${namespace}`;
  let days: number | undefined;
  const exists = await runCheck(session, namespaceName, async ({ temporal }) => {
    days = await readRetentionDays(temporal.connection, namespace);
    return days === undefined
      ? fault(namespaceName, 'does not exist', `set TEMPORAL_NAMESPACE, or ${SET_UP}`)
      : ok(namespaceName, 'exists');
  });
  if (days === undefined) return [...settings, server, exists];

  const [attributes, workers] = await Promise.all([
    runCheck(session, 'Search attributes', checkSearchAttributes),
    checkWorkers(session, taskQueue),
  ]);
  const runs = attributes.state === 'fault' ? [] : await checkRuns(session);
  return [...settings, server, exists, checkRetention(days), attributes, ...workers, ...runs];
}

/** Which Temporal it is, and where that was set. */
function checkSettings(session: Session): Check[] {
  const name = 'Temporal settings';
  try {
    readTemporalSettings(session.host.environment);
    const { address, namespace, source } = session.target;
    return [ok(name, `${address} (${source}), namespace ${namespace}`)];
  } catch (error) {
    return toConfigurationFaults(name, error);
  }
}

function checkRetention(days: number): Check {
  const name = 'Retention';
  const finding = `closed runs are kept for ${days === 1 ? 'one day' : `${days} days`}`;
  if (days >= MIN_RETENTION_DAYS) return ok(name, finding);
  const consequence = 'after which a deal that is sent again starts again';
  return warning(name, `${finding}, ${consequence}`, `${SET_UP}, which sets ${RETENTION_DAYS} days`);
}

async function checkSearchAttributes({ temporal }: OnboardingClient): Promise<Check> {
  const name = 'Search attributes';
  const faults = await findSearchAttributeFaults(temporal.connection, temporal.options.namespace);
  if (faults === undefined) {
    return warning(name, 'the server does not list them', 'compare them in the Temporal Cloud console or with tcld');
  }
  return faults.length === 0 ? ok(name, 'all registered') : fault(name, faults.join('; '), SET_UP);
}
