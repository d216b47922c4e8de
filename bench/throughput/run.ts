import { join } from 'node:path';
import type { ResolvedBinary } from '../../tools/binaries/resolve';
import { connectOnboardingClient } from '../../tools/test-bed/crm-api';
import type { ProductStack } from '../../tools/test-bed/product-stack';
import { SimulatorClient } from '../../tools/test-bed/simulator-client';
import { describeTestBed } from '../program';
import { Measurements, runAtOnce, runOneByOne } from './measure';
import type { ThroughputOptions } from './options';
import { buildSubjectReport, type ThroughputReport } from './report';
import { connectSubjects } from './subjects';
import { measureWaiting } from './waiting';

const WARM_UP_FLOWS = 10;

/** Measures on a stack with one worker and the gateway, and also starts the worker of the bare workflow. */
export async function runThroughput(
  options: ThroughputOptions,
  stack: ProductStack,
  temporalCli: ResolvedBinary,
  log: (line: string) => void,
  stop: AbortSignal,
): Promise<ThroughputReport> {
  const { environment, gateway, simulatorUrl, settings } = stack.product;
  await stack.startService(
    {
      kind: 'service',
      name: 'bare-worker',
      command: process.execPath,
      args: ['--enable-source-maps', join(settings.root, 'lib', 'bench', 'throughput', 'bare', 'worker.js')],
      environment: { ...process.env, ...environment },
      timeoutMs: 60_000,
      isReady: () => Promise.resolve(true), // the warm-up flows wait for it
    },
    stop,
  );
  const simulator = new SimulatorClient(simulatorUrl);
  const onboardings = await connectOnboardingClient(environment);
  const subjects = await connectSubjects(environment, gateway);
  try {
    const runs = subjects.map((subject) => ({ subject, measured: new Measurements() }));
    for (const { subject } of runs) {
      await runAtOnce(subject, WARM_UP_FLOWS, WARM_UP_FLOWS, new Measurements(), simulator);
    }
    for (let round = 1; round <= options.rounds; round += 1) {
      for (const { subject, measured } of runs) {
        stop.throwIfAborted();
        log(`Round ${round} of ${options.rounds}: ${subject.name}`);
        await runOneByOne(subject, options.flows, measured, simulator);
        await runAtOnce(subject, options.flows, options.atOnce, measured, simulator);
      }
    }
    const waiting =
      options.waiting > 0
        ? await measureWaiting(options.waiting, onboardings, stack.getPid('worker-1'), log, stop)
        : undefined;
    const { serverVersion } = await onboardings.temporal.workflowService.getSystemInfo({});
    return {
      options,
      ...describeTestBed(temporalCli.version, serverVersion),
      subjects: runs.map(({ subject, measured }) => buildSubjectReport(subject.name, measured)),
      waiting,
    };
  } finally {
    await Promise.all(subjects.map((subject) => subject.close()));
    await onboardings.close();
  }
}
