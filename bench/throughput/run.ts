import { join } from 'node:path';
import { connectClient } from '../../src/temporal/connection';
import type { ResolvedBinary } from '../../tools/binaries/resolve';
import { machineDescription, versionsWith } from '../machine';
import type { ProductStack } from '../stack/product-stack';
import { SimulatorRemote } from '../stack/simulator';
import { bareContender } from './bare/contender';
import { Measurements, runManyAtOnce, runOneAtATime } from './measure';
import { clientContender, gatewayContender } from './onboarding-contenders';
import type { ThroughputOptions } from './options';
import { contenderReport, type ThroughputReport } from './report';
import { measureWaiting } from './waiting';

const WARM_UP_FLOWS = 10;

/** Measures on a stack that runs one worker and the gateway; adds the worker of the bare workflow. */
export async function runThroughput(
  options: ThroughputOptions,
  stack: ProductStack,
  temporalCli: ResolvedBinary,
  say: (line: string) => void,
  stop: AbortSignal,
): Promise<ThroughputReport> {
  const { environment, caller, simulatorUrl, settings } = stack.product;
  await stack.serve(
    {
      kind: 'service',
      name: 'bare-worker',
      command: process.execPath,
      args: ['--enable-source-maps', join(settings.root, 'lib', 'bench', 'throughput', 'bare', 'worker.js')],
      environment: { ...process.env, ...environment },
      timeoutMs: 60_000,
      isReady: () => Promise.resolve(true), // the flows to warm up wait for it
    },
    stop,
  );
  const simulator = new SimulatorRemote(simulatorUrl);
  const client = await connectClient(environment);
  const contenders = await Promise.all([
    bareContender(environment),
    clientContender(environment),
    gatewayContender(environment, caller),
  ]);
  try {
    const all = contenders.map((contender) => ({ contender, measured: new Measurements() }));
    for (const { contender } of all) {
      await runManyAtOnce(contender, WARM_UP_FLOWS, WARM_UP_FLOWS, new Measurements(), simulator);
    }
    for (let round = 1; round <= options.rounds; round += 1) {
      for (const { contender, measured } of all) {
        stop.throwIfAborted();
        say(`Round ${round} of ${options.rounds}: ${contender.name}`);
        await runOneAtATime(contender, options.flows, measured, simulator);
        await runManyAtOnce(contender, options.flows, options.atOnce, measured, simulator);
      }
    }
    const waiting =
      options.waiting > 0
        ? await measureWaiting(options.waiting, client, stack.pidOf('worker-1'), say, stop)
        : undefined;
    const { serverVersion } = await client.workflowService.getSystemInfo({});
    return {
      options,
      machine: machineDescription(),
      versions: versionsWith(temporalCli.version, serverVersion),
      contenders: all.map(({ contender, measured }) => contenderReport(contender.name, measured)),
      ...(waiting && { waiting }),
    };
  } finally {
    await Promise.all(contenders.map((contender) => contender.close()));
    await client.connection.close();
  }
}
