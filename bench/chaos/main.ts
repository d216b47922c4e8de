import { setMaxListeners } from 'node:events';
import { endWithNpm, interruption } from '../../tools/local-stack/interruption';
import { reasonOf } from '../../tools/binaries/resolve';
import { resolveTemporalCli } from '../../tools/temporal-cli';
import { type ChaosOptions, HELP, readOptions } from './options';
import { reportText } from './report';
import { runChaos } from './run';
import { ChaosStack } from './stack';

const INTERRUPTED_EXIT_CODE = 130;

/** Resolves with the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === undefined) {
    console.log(HELP);
    return 0;
  }
  const stop = new AbortController();
  setMaxListeners(0, stop.signal); // every deal listens for it
  const run = chaos(options, stop.signal);
  const stopRun = async () => {
    say('Stopping');
    stop.abort();
    await run.catch(() => undefined);
  };
  void interruption(process, { onFirst: stopRun, onSecond: () => undefined });
  endWithNpm(process.env);
  try {
    return (await run) ? 0 : 1;
  } catch (error) {
    if (stop.signal.aborted) return INTERRUPTED_EXIT_CODE;
    throw error;
  }
}

async function chaos(options: ChaosOptions, stop: AbortSignal): Promise<boolean> {
  const cli = await resolveTemporalCli();
  stop.throwIfAborted();
  const stack = await ChaosStack.prepare(cli.path);
  try {
    say('Starting Temporal, the simulator, two workers' + (options.door === 'gateway' ? ' and the gateway' : ''));
    await stack.start({ withGateway: options.door === 'gateway' }, stop);
    say(`Temporal UI: ${stack.product.temporalUiUrl}`);
    const report = await runChaos(options, stack, cli, say, stop);
    console.log(options.json ? JSON.stringify(report, undefined, 2) : `\n${reportText(report)}`);
    return report.verdict.kept;
  } finally {
    await stack.stop({ keepFolder: options.keep });
    if (options.keep) say(`Logs and databases: ${stack.folder}`);
  }
}

/** Progress goes to stderr, so that the report can be piped. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code), // the signal handlers would keep the process alive
  (error: unknown) => {
    console.error(reasonOf(error));
    process.exit(1);
  },
);
