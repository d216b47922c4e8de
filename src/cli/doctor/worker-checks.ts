import type { OnboardingClient } from '../../client/onboarding-client';
import { toEventsTaskQueue } from '../../onboarding/ids';
import type { Session } from '../session';
import { type Check, fault, ok, runCheck, warning } from './check';

/** An idle worker polls again after at most 60 s. The server reports pollers of the last five minutes. */
const RECENT_POLL_MS = 75_000;
const taskQueueTypes = { workflows: 1, activities: 2 } as const; // of temporal.api.enums.v1.TaskQueueType
const VERSIONED = 2; // of temporal.api.enums.v1.WorkerVersioningMode

/** The workers that polled a task queue, and the builds to which the server gives its tasks. */
export interface Polling {
  readonly taskQueue: string;
  /** `at`: the last poll, in milliseconds since 1970. */
  readonly pollers: readonly { readonly at: number; readonly build: string }[];
  readonly servedBuilds: readonly string[];
}

type Description = Awaited<ReturnType<OnboardingClient['temporal']['workflowService']['describeTaskQueue']>>;
type Build = { deploymentName?: string | null; buildId?: string | null } | null | undefined;

/** One check for each kind of task, because workers can be missing for one kind alone. */
export async function checkWorkers(session: Session, taskQueue: string): Promise<Check[]> {
  const { workflows, activities } = taskQueueTypes;
  const check = (name: string, queue: string, taskQueueType: number) =>
    runCheck(session, name, async ({ temporal }) => {
      const { namespace } = temporal.options;
      const request = { namespace, taskQueue: { name: queue }, taskQueueType };
      const description = await temporal.workflowService.describeTaskQueue(request);
      return checkPolling(name, toPolling(queue, description), Date.now());
    });
  return Promise.all([
    check('Worker for workflows', taskQueue, workflows),
    check('Worker for activities', taskQueue, activities),
    check('Worker for events', toEventsTaskQueue(taskQueue), activities),
  ]);
}

function toPolling(taskQueue: string, { pollers, versioningInfo }: Description): Polling {
  const { currentDeploymentVersion: current, rampingDeploymentVersion: ramping } = versioningInfo ?? {};
  const percentage = versioningInfo?.rampingVersionPercentage ?? 0;
  return {
    taskQueue,
    pollers: pollers.map(({ lastAccessTime, deploymentOptions }) => ({
      at: Number(lastAccessTime?.seconds ?? 0) * 1000,
      build: nameBuild(Number(deploymentOptions?.workerVersioningMode) === VERSIONED ? deploymentOptions : undefined),
    })),
    servedBuilds: [...(percentage < 100 ? [nameBuild(current)] : []), ...(percentage > 0 ? [nameBuild(ramping)] : [])],
  };
}

function nameBuild(build: Build): string {
  return build ? `workers of build ${build.buildId} in deployment ${build.deploymentName}` : 'workers without a build';
}

/** Whether workers polled a task queue recently, and whether their build is one that gets tasks. */
export function checkPolling(name: string, { taskQueue, pollers, servedBuilds }: Polling, now: number): Check {
  const start = 'start one with `npm run worker`; it needs the same TEMPORAL_* settings';
  if (pollers.length === 0) return fault(name, `no worker polls task queue ${taskQueue}`, start);
  const recent = pollers.filter(({ at }) => now - at <= RECENT_POLL_MS);
  if (recent.length === 0) {
    const lastPoll = `the last poll was ${secondsSinceLast(pollers, now)} s ago`;
    return warning(name, `no worker polls task queue ${taskQueue}; ${lastPoll}`, start);
  }
  const served = recent.filter(({ build }) => servedBuilds.includes(build));
  if (served.length > 0) {
    const workers = served.length === 1 ? '1 worker polls' : `${served.length} workers poll`;
    const lastPoll = `last poll ${secondsSinceLast(served, now)} s ago`;
    return ok(name, `${workers} task queue ${taskQueue}, ${lastPoll}`);
  }
  const polling = [...new Set(recent.map(({ build }) => build))].join(' and ');
  return fault(
    name,
    `tasks of task queue ${taskQueue} go to ${servedBuilds.join(' and ')}, but only ${polling} poll it`,
    'make the polling build current with `npm run temporal -- worker deployment set-current-version`, or start workers of a build that gets tasks',
  );
}

function secondsSinceLast(pollers: Polling['pollers'], now: number): number {
  return Math.max(0, Math.round((now - Math.max(...pollers.map(({ at }) => at))) / 1000));
}
