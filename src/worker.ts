/**
 * The worker process: runs the workflows, their calls to Partner Center and, on a task queue of their own, the deliveries
 * to the CRM. Reads configuration, wires, runs, drains.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkerOptions } from '@temporalio/worker';
import { acceptanceLinks } from './onboarding/acceptance-link';
import { createActivities } from './activities';
import { createCrmActivities, type CrmDependencies } from './activities/deliver-event';
import { readWorkerConfig, type WorkerConfig } from './config';
import { createDeliver } from './webhooks/deliver';
import { startHealthServer } from './process/health';
import { createLogger } from './process/logging';
import { runProcess } from './process/shutdown';
import { installTemporalRuntime } from './process/temporal-runtime';
import { toEventsTaskQueue } from './onboarding/delivery';
import { createPartnerCenter } from './partner-center';
import { connectWorker } from './temporal/connection';
import { searchAttributeFaults } from './temporal/namespace';
import { WorkerGroup } from './process/worker-group';

const GRACE_MS = 30_000; // a call to Partner Center may end by itself before it is given up and scheduled again
const FORCE_MS = 60_000;

async function main(): Promise<void> {
  const config = readWorkerConfig(process.env);
  const log = createLogger({ level: config.logLevel });
  installTemporalRuntime(log, config.metricsAddress);
  const { connection, namespace } = await connectWorker();
  const partnerCenter = createPartnerCenter(config.partnerCenter);
  try {
    const faults = await searchAttributeFaults(connection, namespace);
    // An unknown attribute would make every workflow task fail for ever: better not to start at all.
    if (faults === undefined) log.warn({ namespace }, 'The server does not tell which search attributes it has');
    else if (faults.length > 0) {
      throw new Error(`Namespace ${namespace} is not ready: ${faults.join('; ')}. Run: npm run setup:namespace`);
    }
    let workers: WorkerGroup | undefined;
    // Before the workers: one that was created and never run would keep the process alive.
    const health =
      config.healthAddress && (await startHealthServer(config.healthAddress, () => workers?.state ?? 'INITIALIZED'));
    try {
      const common: Omit<WorkerOptions, 'taskQueue'> = {
        connection,
        namespace,
        activityTaskPollerBehavior: { type: 'autoscaling' },
        shutdownGraceTime: GRACE_MS,
        shutdownForceTime: FORCE_MS,
        ...versioning(config),
      };
      workers = await WorkerGroup.create([
        {
          ...common,
          taskQueue: config.taskQueue,
          ...workflowCode(),
          activities: createActivities({ partnerCenter, agreementSettings: config.agreement }),
          ...(config.requestsPerSecond !== undefined && { maxTaskQueueActivitiesPerSecond: config.requestsPerSecond }),
          workflowTaskPollerBehavior: { type: 'autoscaling' },
        },
        {
          ...common,
          taskQueue: toEventsTaskQueue(config.taskQueue),
          activities: createCrmActivities(crmDependencies(config)),
        },
      ]);
      const { taskQueue, callbacks, deployment } = config;
      log.info(
        { namespace, taskQueue, ...deployment, callbacks: callbacks !== undefined, health: health?.url },
        'Worker started',
      );
      if (deployment) log.info(deployment, 'Takes work while this build is the current one of its deployment');
      await workers.run(); // until SIGINT or SIGTERM, then drains
      log.info('Worker drained');
    } finally {
      await health?.close();
    }
  } finally {
    partnerCenter.close();
    await connection.close();
  }
}

/** Both queues belong to the version: a build becomes current only when it serves all that the last one served. */
function versioning({ deployment }: WorkerConfig): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  if (deployment === undefined) return {};
  return {
    workerDeploymentOptions: {
      version: deployment,
      useWorkerVersioning: true,
      // Pinned runs would keep every old build alive for as long as a link is valid.
      defaultVersioningBehavior: 'AUTO_UPGRADE',
    },
  };
}

/** Also without callbacks the queue is served: an event left waiting says why, instead of waiting without a word. */
function crmDependencies({ callbacks, acceptanceLinks: linkSettings }: WorkerConfig): CrmDependencies | undefined {
  if (callbacks === undefined || linkSettings === undefined) return undefined;
  const links = acceptanceLinks(linkSettings.keys, linkSettings.publicUrl);
  return { deliver: createDeliver(callbacks), acceptanceUrlOf: (target) => links.urlOf(target) };
}

/** The bundle made at build time where there is one, so that a worker starts without a compiler; else the sources. */
function workflowCode(): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath' | 'dataConverter'> {
  const codePath = join(__dirname, '..', 'workflow-bundle.js');
  if (existsSync(codePath)) return { workflowBundle: { codePath } };
  return {
    workflowsPath: require.resolve('./workflows'),
    dataConverter: { payloadConverterPath: require.resolve('./temporal/payload-converter') },
  };
}

runProcess(main);
