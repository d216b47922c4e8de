import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withProgress } from './binaries/progress';
import { reasonOf } from './binaries/resolve';
import { bundleWorkflows } from './bundle-workflows';
import { requireFreePorts } from './local-stack/free-ports';
import { endWithNpm, interruption } from './local-stack/interruption';
import { localSecrets } from './local-stack/local-secrets';
import { stackParts } from './local-stack/parts';
import { describePorts, readStackSettings } from './local-stack/settings';
import {
  callbackEnvironment,
  gatewayEnvironment,
  stackEnvironment,
  writeStackFiles,
} from './local-stack/stack-environment';
import { readySummary } from './local-stack/summary';
import { Supervisor } from './local-stack/supervisor';
import { findProjectRoot } from './project-root';
import { resolveTemporalCli } from './temporal-cli';
import { demoCredentials } from '../simulator/index';

const HELP = `Usage: npm start -- [--verbose]

Brings up the whole product on this machine: Temporal's dev server with its UI, the Partner Center simulator, the
namespace's settings, the worker and the gateway. Ends all of it on Ctrl-C; a second Ctrl-C kills at once. State is kept in .local.

  --verbose   also print what the parts log
  --help      this text

Ports of 127.0.0.1, each moved by its variable:
${describePorts()}`;

const EXAMPLE = 'examples/microsoft-example.json';

async function main(args: readonly string[]): Promise<void> {
  const unknown = args.find((argument) => !['--verbose', '--help', '-h'].includes(argument));
  if (unknown) throw new Error(`Unknown argument "${unknown}".\n\n${HELP}`);
  if (args.includes('--help') || args.includes('-h')) {
    console.log(HELP);
    return;
  }

  const settings = readStackSettings(findProjectRoot(), process.env);
  await requireFreePorts(Object.values(settings.ports));
  const cli = await resolveTemporalCli();
  console.log(`Temporal CLI ${cli.version} (${cli.origin})`);
  await bundleWorkflows();

  const secrets = await localSecrets(settings.stateFolder);
  const environment = {
    ...stackEnvironment(settings, demoCredentials),
    ...callbackEnvironment(settings, secrets),
    ...gatewayEnvironment(settings, secrets),
  };
  await writeStackFiles(settings, environment);

  const supervisor = new Supervisor({
    logFolder: settings.logFolder,
    ...(args.includes('--verbose') && { onLogLine: (part, line) => console.log(`[${part}] ${line}`) }),
  });
  const interrupted = interruption(process, {
    onFirst: () => {
      console.log('\nStopping; Ctrl-C again kills at once.');
      return supervisor.stop();
    },
    onSecond: () => supervisor.kill(),
  });
  endWithNpm(process.env);
  try {
    for (const part of stackParts(settings, cli.path, environment)) {
      await withProgress(process.stderr, `Starting ${part.name}`, () => supervisor.start(part));
    }
    console.log(readySummary(settings, exampleDealId(settings.root)));
    const failure = await Promise.race([supervisor.failure, interrupted]);
    if (failure) throw failure;
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error; // interrupted while it was starting
  } finally {
    await supervisor.stop();
  }
  console.log('Stopped.');
}

function exampleDealId(root: string): string {
  const path = join(root, EXAMPLE);
  const example = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { dealId?: string }) : {};
  return example.dealId ?? 'DEAL';
}

main(process.argv.slice(2)).then(
  () => process.exit(0), // the signal handlers would keep the process alive
  (error: unknown) => {
    console.error(reasonOf(error));
    process.exit(1);
  },
);
