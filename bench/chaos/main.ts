import { resolveTemporalCli } from '../../tools/binaries/temporal-cli';
import { ProductStack } from '../../tools/test-bed/product-stack';
import { logProgress, runInterruptibly, runProgram } from '../program';
import { type ChaosOptions, HELP, readChaosOptions } from './options';
import { formatReport } from './report';
import { runChaos } from './run';

/** Resolves with the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const options = readChaosOptions(args);
  if (options === undefined) {
    console.log(HELP);
    return 0;
  }
  return runInterruptibly((stop) => chaos(options, stop));
}

async function chaos(options: ChaosOptions, stop: AbortSignal): Promise<number> {
  const cli = await resolveTemporalCli();
  stop.throwIfAborted();
  const stack = await ProductStack.prepare(cli.path);
  try {
    const gateway = options.via === 'gateway' ? (['gateway'] as const) : [];
    logProgress(`Starting Temporal, the simulator, two workers${gateway.length > 0 ? ' and the gateway' : ''}`);
    await stack.start(['worker-1', 'worker-2', ...gateway], stop);
    logProgress(`Temporal UI: ${stack.product.temporalUiUrl}`);
    const report = await runChaos(options, stack, cli, logProgress, stop);
    console.log(options.json ? JSON.stringify(report, undefined, 2) : `\n${formatReport(report)}`);
    return report.check.passed ? 0 : 1;
  } finally {
    await stack.stop({ keepFolder: options.keep });
    if (options.keep) logProgress(`Logs and databases: ${stack.folder}`);
  }
}

void runProgram(() => main(process.argv.slice(2)));
