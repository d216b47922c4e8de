import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { withProgress } from '../binaries/command';
import { resolveTemporalCli } from '../binaries/temporal-cli';
import {
  announceStack,
  composeEnvironment,
  getIgnoredVariables,
  withdrawStack,
  withoutProductVariables,
  writeEnvironmentFiles,
} from './environment';
import { getStackParts } from './parts';
import {
  createPrivateFolder,
  readOrCreateSecrets,
  readStackSettings,
  type StackSettings,
  writePrivateFile,
} from './settings';
import { endWithNpm, waitForInterruption } from './shutdown';
import { Supervisor } from './supervisor';

interface StartOptions {
  /** The checkout. */
  readonly root: string;
  /** The compiled product; must not change while the stack runs. */
  readonly libFolder: string;
  /** This process's environment plus the variables of `.env`. */
  readonly environment: NodeJS.ProcessEnv;
  /** Whether to print what the parts log. */
  readonly verbose: boolean;
}

const EXAMPLE = join('examples', 'microsoft-example.json');
const DEAL_FILE = join('.local', 'deal.json');
const WORKFLOW_QUERY = encodeURIComponent('WorkflowType="agreementOnboarding"');

/** Runs the whole product on this machine until Ctrl-C; resolves when every process has ended. Throws if a part fails. */
export async function runLocalStack({ root, libFolder, environment: given, verbose }: StartOptions): Promise<void> {
  const settings = { ...readStackSettings(root, given), libFolder };
  const { stateFolder, logFolder } = settings;
  const cli = await resolveTemporalCli({ environment: given });
  console.log(`Temporal CLI ${cli.version} (${cli.origin})`);

  process.umask(0o077); // inherited by the parts, which write to the state folder themselves
  await createPrivateFolder(stateFolder);
  const secrets = await readOrCreateSecrets(stateFolder);
  const environment = composeEnvironment(settings, secrets, given);
  const ignored = getIgnoredVariables(given, environment);
  if (ignored.length > 0) console.log(`Ignored, because the stack is local: ${ignored.join(', ')}`);
  await writeEnvironmentFiles(settings, environment);
  const dealId = await writeExampleDeal(settings, new Date());

  const supervisor = new Supervisor({
    logFolder,
    onLogLine: verbose ? (part, line) => console.log(`[${part}] ${line}`) : undefined,
  });
  const interrupted = waitForInterruption(process, {
    onFirst: () => {
      console.log('\nStopping; press Ctrl-C again to kill all processes.');
      return supervisor.stop();
    },
    onSecond: () => supervisor.kill(),
  });
  endWithNpm(process.env);
  try {
    for (const part of getStackParts(settings, cli.path, { ...withoutProductVariables(given), ...environment })) {
      await withProgress(process.stderr, `Starting ${part.name}`, () => supervisor.start(part));
    }
    await announceStack(settings, environment);
    console.log(formatSummary(settings, dealId));
    const failure = await Promise.race([supervisor.failure, interrupted]);
    if (failure) throw failure;
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error; // interrupted while it was starting
  } finally {
    await supervisor.stop();
    await withdrawStack(settings);
  }
  console.log('Stopped.');
}

/** Writes a new deal for the printed commands; returns its id. */
async function writeExampleDeal({ root, stateFolder }: StackSettings, now: Date): Promise<string> {
  const example = JSON.parse(await readFile(join(root, EXAMPLE), 'utf8')) as object;
  const dealId = `D-${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`;
  // A new customer too: Partner Center keeps one agreement per customer
  const deal = { ...example, dealId, customerId: randomUUID() };
  await writePrivateFile(join(stateFolder, 'deal.json'), `${JSON.stringify(deal, undefined, 2)}\n`);
  return dealId;
}

/** The addresses to open and the commands to type, once the stack runs. */
export function formatSummary({ ports, root }: Pick<StackSettings, 'ports' | 'root'>, dealId: string): string {
  const simulator = `http://127.0.0.1:${ports.simulator}`;
  const temporalUi = `http://127.0.0.1:${ports.temporalUi}`;
  const gateway = `http://127.0.0.1:${ports.gateway}`;
  // The command line finds this stack by itself, unless there is a .env, which may name another Temporal.
  const cli = `npx onboarding${existsSync(join(root, '.env')) ? ' --env-file .local/stack.env' : ''}`;
  return `
Ready.
  Onboardings in the Temporal UI   ${temporalUi}/namespaces/default/workflows?query=${WORKFLOW_QUERY}
  Temporal server                  127.0.0.1:${ports.temporal}
  Gateway                          ${gateway} (described by ${gateway}/openapi.json)
  Partner Center simulator         ${simulator}
  Logs                             .local/logs/
  Environment                      .local/stack.env

Try it, in another terminal:
  # a deal closes in the CRM (Microsoft's example, with a new id); prints the signatory's link, which you can open in a browser
  curl -sS ${gateway}/v1/onboardings -H "Authorization: Bearer $(sed -n 's/^GATEWAY_API_KEY=//p' .local/stack.env)" \\
    -H 'content-type: application/json' -d @${DEAL_FILE} |
    node -p 'JSON.parse(require("fs").readFileSync(0, "utf8")).acceptanceUrl'

  # or without a browser: the customer selects Accept Agreement, then the CRM reports it
  curl -fsS --retry 5 --retry-all-errors -X POST ${simulator}/simulator/acceptances -H 'content-type: application/json' -d '{}' && ${cli} accept ${dealId}

  # the status of that deal
  ${cli} status ${dealId}

  # check every connection
  ${cli} doctor

Ctrl-C stops everything; the data stays in .local for the next start.`;
}
