import { resolveTemporalCli } from '../../tools/binaries/temporal-cli';
import { interruptible, runAsProgram, say } from '../program';
import { ProductStack } from '../stack/product-stack';
import { HELP, readOptions, type ThroughputOptions } from './options';
import { reportText } from './report';
import { runThroughput } from './run';

/** Resolves with the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === undefined) {
    console.log(HELP);
    return 0;
  }
  return interruptible((stop) => bench(options, stop));
}

async function bench(options: ThroughputOptions, stop: AbortSignal): Promise<number> {
  const cli = await resolveTemporalCli();
  stop.throwIfAborted();
  const stack = await ProductStack.prepare(cli.path);
  try {
    say('Starting Temporal, the simulator, the gateway and a worker of each kind');
    await stack.start(['worker-1', 'gateway'], stop);
    const report = await runThroughput(options, stack, cli, say, stop);
    console.log(options.json ? JSON.stringify(report, undefined, 2) : `\n${reportText(report)}`);
    return 0;
  } finally {
    await stack.stop();
  }
}

void runAsProgram(() => main(process.argv.slice(2)));
