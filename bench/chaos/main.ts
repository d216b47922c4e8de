import { resolveTemporalCli } from '../../tools/binaries/temporal-cli';
import { interruptible, runAsProgram, say } from '../program';
import { ProductStack } from '../stack/product-stack';
import { type ChaosOptions, HELP, readOptions } from './options';
import { reportText } from './report';
import { runChaos } from './run';

/** Resolves with the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === undefined) {
    console.log(HELP);
    return 0;
  }
  return interruptible(async (stop) => ((await chaos(options, stop)) ? 0 : 1));
}

async function chaos(options: ChaosOptions, stop: AbortSignal): Promise<boolean> {
  const cli = await resolveTemporalCli();
  stop.throwIfAborted();
  const stack = await ProductStack.prepare(cli.path);
  try {
    say('Starting Temporal, the simulator, two workers' + (options.door === 'gateway' ? ' and the gateway' : ''));
    await stack.start(['worker-1', 'worker-2', ...(options.door === 'gateway' ? ['gateway' as const] : [])], stop);
    say(`Temporal UI: ${stack.product.temporalUiUrl}`);
    const report = await runChaos(options, stack, cli, say, stop);
    console.log(options.json ? JSON.stringify(report, undefined, 2) : `\n${reportText(report)}`);
    return report.verdict.kept;
  } finally {
    await stack.stop({ keepFolder: options.keep });
    if (options.keep) say(`Logs and databases: ${stack.folder}`);
  }
}

void runAsProgram(() => main(process.argv.slice(2)));
