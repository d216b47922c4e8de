/**
 * The worker process: runs the workflows, their calls to Partner Center and, on a separate task queue, the deliveries to
 * the CRM. Reads configuration, wires, runs, drains.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { NativeConnection, WorkerOptions } from '@temporalio/worker';
import { createAcceptanceLinks } from './onboarding/acceptance-link';
import { createActivities } from './activities';
import { createCrmActivities, type CrmDependencies } from './activities/deliver-event';
import { readWorkerConfig, type WorkerConfig } from './config';
import { createDeliver } from './webhooks/deliver';
import { runProcess, startHealthServer } from './process/lifecycle';
import { createLogger, type Logger } from './process/logging';
import { toEventsTaskQueue } from './onboarding/ids';
import { createPartnerCenter, type PartnerCenter } from './partner-center';
import { connectWorker } from './temporal/connection';
import { findSearchAttributeFaults } from './temporal/namespace';
import { installTemporalRuntime, WorkerGroup } from './process/worker-group';

const GRACE_MS = 30_000; // for calls to Partner Center to finish; after that they are cancelled and scheduled again
const FORCE_MS = 60_000;

async function main(): Promise<void> {
  const config = readWorkerConfig(process.env);
  const log = createLogger({ level: config.logLevel });
  installTemporalRuntime(log, config.metricsAddress);
  const { connection, namespace } = await connectWorker();
  const partnerCenter = createPartnerCenter(config.partnerCenter);
  try {
    await checkSearchAttributes(connection, namespace, log);
    let workers: WorkerGroup | undefined;
    // Comes first because it can fail: a worker that was created and is never run keeps the process alive.
    const health =
      config.healthAddress && (await startHealthServer(config.healthAddress, () => workers?.state ?? 'INITIALIZED'));
    try {
      workers = await WorkerGroup.create(buildWorkerOptions(config, { connection, namespace, partnerCenter }));
      const { taskQueue, callbacks, deployment } = config;
      log.info(
        { namespace, taskQueue, ...deployment, callbacks: callbacks !== undefined, health: health?.url },
        'Worker started',
      );
      if (deployment) log.info(deployment, 'Takes work only while this build is the current version of its deployment');
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

/** An unknown search attribute would make every workflow task fail, so the worker does not start without all of them. */
async function checkSearchAttributes(connection: NativeConnection, namespace: string, log: Logger): Promise<void> {
  const faults = await findSearchAttributeFaults(connection, namespace);
  if (faults === undefined) {
    log.warn({ namespace }, 'The server does not list its search attributes');
  } else if (faults.length > 0) {
    throw new Error(`Namespace ${namespace} is not ready: ${faults.join('; ')}. Run: npm run setup:namespace`);
  }
}

interface WorkerParts {
  connection: NativeConnection;
  namespace: string;
  partnerCenter: PartnerCenter;
}

/** The worker of the onboardings, and the worker of the events on their separate task queue. */
function buildWorkerOptions(
  config: WorkerConfig,
  { connection, namespace, partnerCenter }: WorkerParts,
): [onboardings: WorkerOptions, events: WorkerOptions] {
  const common: Omit<WorkerOptions, 'taskQueue'> = {
    connection,
    namespace,
    activityTaskPollerBehavior: { type: 'autoscaling' },
    shutdownGraceTime: GRACE_MS,
    shutdownForceTime: FORCE_MS,
    // For both queues: a build becomes current only if it serves every queue that the last one served.
    workerDeploymentOptions: config.deployment && {
      version: config.deployment,
      useWorkerVersioning: true,
      // Pinned runs would keep every old build alive for as long as a link is valid.
      defaultVersioningBehavior: 'AUTO_UPGRADE',
    },
  };
  return [
    {
      ...common,
      ...findWorkflowCode(),
      taskQueue: config.taskQueue,
      activities: createActivities({ partnerCenter, agreementSettings: config.agreement }),
      maxTaskQueueActivitiesPerSecond: config.requestsPerSecond,
      workflowTaskPollerBehavior: { type: 'autoscaling' },
    },
    {
      ...common,
      taskQueue: toEventsTaskQueue(config.taskQueue),
      activities: createCrmActivities(buildCrmDependencies(config)),
    },
  ];
}

/** Undefined without callbacks. The queue is served all the same, so that a waiting event fails with the reason. */
function buildCrmDependencies({ callbacks, acceptanceLinks: linkSettings }: WorkerConfig): CrmDependencies | undefined {
  if (callbacks === undefined || linkSettings === undefined) return undefined;
  const links = createAcceptanceLinks(linkSettings.keys, linkSettings.publicUrl);
  return { deliver: createDeliver(callbacks), getAcceptanceUrl: (target) => links.getUrl(target) };
}

/** The bundle of the build, so that a worker starts without a compiler; without a build, the sources. */
function findWorkflowCode(): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath' | 'dataConverter'> {
  const codePath = join(__dirname, '..', 'workflow-bundle.js');
  if (existsSync(codePath)) return { workflowBundle: { codePath } };
  return {
    workflowsPath: require.resolve('./workflows'),
    dataConverter: { payloadConverterPath: require.resolve('./temporal/payload-converter') },
  };
}

runProcess(main);
