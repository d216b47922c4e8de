import { resolveTemporalCli } from '../../tools/binaries/temporal-cli';
import { ProductStack } from '../../tools/test-bed/product-stack';
import { logProgress, runInterruptibly, runProgram } from '../program';
import { HELP, readThroughputOptions, type ThroughputOptions } from './options';
import { formatReport } from './report';
import { runThroughput } from './run';

/** Resolves with the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const options = readThroughputOptions(args);
  if (options === undefined) {
    console.log(HELP);
    return 0;
  }
  return runInterruptibly((stop) => bench(options, stop));
}

async function bench(options: ThroughputOptions, stop: AbortSignal): Promise<number> {
  const cli = await resolveTemporalCli();
  stop.throwIfAborted();
  const stack = await ProductStack.prepare(cli.path);
  try {
    logProgress('Starting Temporal, the simulator, the gateway and both workers');
    await stack.start(['worker-1', 'gateway'], stop);
    const report = await runThroughput(options, stack, cli, logProgress, stop);
    console.log(options.json ? JSON.stringify(report, undefined, 2) : `\n${formatReport(report)}`);
    return 0;
  } finally {
    await stack.stop();
  }
}

void runProgram(() => main(process.argv.slice(2)));
