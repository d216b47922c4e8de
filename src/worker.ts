/** The worker process: runs the workflow and its calls to Partner Center. Reads configuration, wires, runs, drains. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DefaultLogger, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { createActivities } from './activities';
import { readWorkerConfig, type WorkerConfig } from './config';
import { startHealthServer } from './health';
import { logLine } from './logging';
import { createPartnerCenter } from './partner-center';
import { connectWorker } from './temporal/connection';
import { searchAttributeFaults } from './temporal/namespace';

const GRACE_MS = 30_000; // a call to Partner Center may end by itself before it is given up and scheduled again
const FORCE_MS = 60_000;

async function main(): Promise<void> {
  const config = readWorkerConfig(process.env);
  const logger = installRuntime(config);
  const { connection, namespace } = await connectWorker();
  const partnerCenter = createPartnerCenter(config.partnerCenter);
  try {
    const faults = await searchAttributeFaults(connection, namespace);
    // An unknown attribute would make every workflow task fail for ever: better not to start at all.
    if (faults === undefined) logger.warn('The server does not tell which search attributes it has', { namespace });
    else if (faults.length > 0) {
      throw new Error(`Namespace ${namespace} is not ready: ${faults.join('; ')}. Run: npm run setup:namespace`);
    }
    const worker = await Worker.create({
      connection,
      namespace,
      taskQueue: config.taskQueue,
      ...workflowCode(),
      activities: createActivities({ partnerCenter, agreementSettings: config.agreement }),
      ...(config.requestsPerSecond !== undefined && { maxTaskQueueActivitiesPerSecond: config.requestsPerSecond }),
      workflowTaskPollerBehavior: { type: 'autoscaling' },
      activityTaskPollerBehavior: { type: 'autoscaling' },
      shutdownGraceTime: GRACE_MS,
      shutdownForceTime: FORCE_MS,
    });
    const health = config.healthAddress && (await startHealthServer(config.healthAddress, () => worker.getState()));
    logger.info('Worker started', { namespace, taskQueue: config.taskQueue, health: health?.url });
    try {
      await worker.run(); // until SIGINT or SIGTERM, then drains
      logger.info('Worker drained');
    } finally {
      await health?.close();
    }
  } finally {
    partnerCenter.close();
    await connection.close();
  }
}

function installRuntime({ logLevel, metricsAddress }: WorkerConfig): DefaultLogger {
  const logger = new DefaultLogger(
    logLevel.toUpperCase() as Uppercase<typeof logLevel>,
    ({ level, message, timestampNanos, meta }) => {
      const timestampMs = Number(timestampNanos / 1_000_000n);
      process.stderr.write(`${logLine({ level, message, timestampMs, attributes: meta })}\n`);
    },
  );
  Runtime.install({
    logger,
    telemetryOptions: {
      logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} },
      ...(metricsAddress !== undefined && { metrics: { prometheus: { bindAddress: metricsAddress } } }),
    },
  });
  return logger;
}

/** The bundle made at build time where there is one, so that a worker starts without a compiler; else the sources. */
function workflowCode(): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'> {
  const codePath = join(__dirname, '..', 'workflow-bundle.js');
  return existsSync(codePath) ? { workflowBundle: { codePath } } : { workflowsPath: require.resolve('./workflows') };
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${logLine({ level: 'error', message, attributes: { error } })}\n`);
  process.exitCode = 1;
});
