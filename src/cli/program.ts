import { Command, CommanderError } from 'commander';
import { addAcceptCommand } from './commands/accept';
import { addCancelCommand } from './commands/cancel';
import { addDeclineCommand } from './commands/decline';
import { addDoctorCommand } from './commands/doctor';
import { addEventsCommand } from './commands/events';
import { addFrameCommand } from './commands/frame';
import { addListCommand } from './commands/list';
import { addRetryCommand } from './commands/retry';
import { addStartCommand } from './commands/start';
import { addStatusCommand } from './commands/status';
import { loadEnvironmentFile } from './environment-file';
import { type CommandFailure, exitCodes, type ExitCode, exitCodesHelp } from './failures';
import type { Host } from './host';
import { onDemand } from './on-demand';
import type { Report, Run } from './report';
import { Session } from './session';
import { productVersion } from '../process/version';

interface GlobalOptions {
  json?: true;
  envFile?: string;
  address?: string;
  namespace?: string;
}

/** Runs one command line (without `node` and the script) and tells its exit code; never throws. */
export async function runCommandLine(args: readonly string[], host: Host): Promise<ExitCode> {
  let code: ExitCode = exitCodes.done;
  const program = buildProgram(host, async (work) => {
    const session = new Session(host);
    try {
      const report = await work(session);
      print(host, report, args.includes('--json'));
      code = report.exitCode ?? exitCodes.done;
    } finally {
      await session.close();
    }
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done; // help or version was shown
    return printFailure(host, error, args.includes('--json'));
  }
}

/** All commands, their arguments and help. Heavy parts are loaded by the commands that need them: help comes at once. */
export function buildProgram(host: Host, run: Run): Command {
  const program = new Command('npm run cli --')
    .description('Onboards CSP customers onto the Microsoft Customer Agreement, and tells where each deal stands.')
    .version(productVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .option('--json', 'print one JSON document on stdout, and nothing else')
    .option('--env-file <file>', 'env file; variables already set win (default: .env, if there is one)')
    .option('--address <host:port>', 'Temporal’s address, instead of TEMPORAL_ADDRESS')
    .option('--namespace <name>', 'Temporal’s namespace, instead of TEMPORAL_NAMESPACE')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
    })
    .addHelpText('after', `\n${exitCodesHelp}`)
    .exitOverride()
    .hook('preAction', () => setUpEnvironment(host, program.opts<GlobalOptions>()));

  addStartCommand(program, run);
  addStatusCommand(program, run);
  addListCommand(program, run);
  addAcceptCommand(program, run);
  addDeclineCommand(program, run);
  addRetryCommand(program, run);
  addCancelCommand(program, run);
  addFrameCommand(program, run);
  addEventsCommand(program, run);
  addDoctorCommand(program, run);
  return program;
}

function setUpEnvironment(host: Host, { envFile, address, namespace }: GlobalOptions): void {
  loadEnvironmentFile(host.environment, host.workingDirectory, envFile);
  if (address !== undefined) host.environment['TEMPORAL_ADDRESS'] = address;
  if (namespace !== undefined) host.environment['TEMPORAL_NAMESPACE'] = namespace;
}

function print(host: Host, { text, json, warning }: Report, asJson: boolean): void {
  if (warning !== undefined) host.stderr.write(`${warning}\n`);
  host.stdout.write(`${asJson ? JSON.stringify(json, undefined, 2) : text}\n`);
}

async function printFailure(host: Host, error: unknown, asJson: boolean): Promise<ExitCode> {
  const failure = await readFailure(host, error);
  if (asJson) {
    const { type, message, details } = failure;
    host.stdout.write(`${JSON.stringify({ error: { type, message, ...details } }, undefined, 2)}\n`);
  }
  return failure.exitCode;
}

type Failure = Pick<CommandFailure, 'type' | 'message' | 'exitCode' | 'details'>;

async function readFailure(host: Host, error: unknown): Promise<Failure> {
  if (error instanceof CommanderError) {
    // Commander has told stderr already, and shows help where no command was given.
    const message = error.code === 'commander.help' ? 'A command is missing; see --help.' : error.message;
    return { type: 'usage', message: message.replace(/^error: /, ''), exitCode: exitCodes.invalid, details: {} };
  }
  const { failureOf } = onDemand.failureOf();
  const failure = failureOf(error);
  host.stderr.write(`${failure.message}\n`);
  return failure;
}
