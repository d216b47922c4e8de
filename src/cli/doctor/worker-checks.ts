import type { Client } from '@temporalio/client';
import { toEventsTaskQueue } from '../../onboarding/ids';
import { type Check, fault, ok, warning } from './check';

/** A waiting worker asks again after at most 60 s; the server remembers its asking for five minutes. */
const POLL_FRESH_MS = 75_000;
const taskQueueTypes = { workflows: 1, activities: 2 } as const; // of temporal.api.enums.v1.TaskQueueType
const VERSIONED = 2; // of temporal.api.enums.v1.WorkerVersioningMode

/** Who has asked for work on a task queue, `at` in milliseconds since 1970, and the workers of which builds are given any. */
export interface Polling {
  readonly taskQueue: string;
  readonly pollers: readonly { readonly at: number; readonly build: string }[];
  readonly given: readonly string[];
}

type Description = Awaited<ReturnType<Client['workflowService']['describeTaskQueue']>>;
type Build = { deploymentName?: string | null; buildId?: string | null } | null | undefined;

/** One check for each kind of work, as each has a task queue or workers of its own. */
export function workerChecks(namespace: string, taskQueue: string) {
  const { workflows, activities } = taskQueueTypes;
  const check = (name: string, polled: string, taskQueueType: number) => ({
    name,
    look: async ({ workflowService }: Client): Promise<Check> => {
      const question = { namespace, taskQueue: { name: polled }, taskQueueType };
      return workerCheck(name, pollingOf(polled, await workflowService.describeTaskQueue(question)), Date.now());
    },
  });
  return [
    check('Worker for workflows', taskQueue, workflows),
    check('Worker for activities', taskQueue, activities),
    check('Worker for events', toEventsTaskQueue(taskQueue), activities),
  ];
}

function pollingOf(taskQueue: string, { pollers, versioningInfo }: Description): Polling {
  const { currentDeploymentVersion: current, rampingDeploymentVersion: ramping } = versioningInfo ?? {};
  const percentage = versioningInfo?.rampingVersionPercentage ?? 0;
  return {
    taskQueue,
    pollers: pollers.map(({ lastAccessTime, deploymentOptions }) => ({
      at: Number(lastAccessTime?.seconds ?? 0) * 1000,
      build: nameOf(Number(deploymentOptions?.workerVersioningMode) === VERSIONED ? deploymentOptions : undefined),
    })),
    given: [...(percentage < 100 ? [nameOf(current)] : []), ...(percentage > 0 ? [nameOf(ramping)] : [])],
  };
}

function nameOf(build: Build): string {
  return build ? `workers of build ${build.buildId} of ${build.deploymentName}` : 'workers without a build';
}

/** Judges when the workers of a task queue last asked for work, and whether they are of a build that is given any. */
export function workerCheck(name: string, { taskQueue, pollers, given }: Polling, now: number): Check {
  const start = 'start one with `npm run worker`; it needs the same TEMPORAL_* settings';
  if (pollers.length === 0) return fault(name, `none asks for work on task queue ${taskQueue}`, start);
  const fresh = pollers.filter(({ at }) => now - at <= POLL_FRESH_MS);
  if (fresh.length === 0) {
    const seconds = Math.round((now - Math.max(...pollers.map(({ at }) => at))) / 1000);
    return warning(name, `the last one asked for work on task queue ${taskQueue} ${seconds} s ago`, start);
  }
  const served = fresh.filter(({ build }) => given.includes(build)).length;
  if (served > 0) return ok(name, `${served} ${served === 1 ? 'asks' : 'ask'} for work on task queue ${taskQueue}`);
  const asking = [...new Set(fresh.map(({ build }) => build))].join(' and ');
  return fault(
    name,
    `work on task queue ${taskQueue} goes to ${given.join(' and ')}, and only ${asking} ask for it`,
    'make the build that asks current with `npm run temporal -- worker deployment set-current-version`, or start workers of those that get it',
  );
}
