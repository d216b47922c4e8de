import { Command, CommanderError } from 'commander';
import { addAcceptanceCommands } from './commands/acceptance';
import { addCompletionCommand } from './commands/completion';
import { addDoctorCommand } from './commands/doctor';
import { addEventsCommand } from './commands/events';
import { addListCommand } from './commands/list';
import { addOperatorCommands } from './commands/operator';
import { addStartCommand } from './commands/start';
import { addStatusCommand } from './commands/status';
import { getProductVersion } from '../process/version';
import { completeEnvironment, type EnvironmentOptions } from './environment';
import { CommandFailure, exitCodes, type ExitCode, exitCodesHelp, toCommandFailure } from './failures';
import { type Host, type Report, type CommandRunner, Session } from './session';

/** Runs one command line (without `node` and the script) and returns its exit code; never throws. */
export async function runCommandLine(args: readonly string[], host: Host): Promise<ExitCode> {
  const asJson = args.includes('--json'); // read here, so that it applies even if commander rejects the arguments
  let code: ExitCode = exitCodes.done;
  let session: Session | undefined;
  const program = buildProgram(host, async (work) => {
    const options = program.opts<EnvironmentOptions>();
    session = new Session(host, completeEnvironment(host.environment, host.workingDirectory, options));
    const report = await work(session);
    printReport(host, report, asJson);
    code = report.exitCode ?? exitCodes.done;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done; // help or version was printed
    return printFailure(host, error, asJson, session);
  } finally {
    await session?.close();
  }
}

function buildProgram(host: Host, run: CommandRunner): Command {
  const program = new Command('onboarding')
    .description('Onboards CSP customers onto the Microsoft Customer Agreement, and shows the state of each deal.')
    .version(getProductVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .option('--json', 'print one JSON document on stdout, and nothing else')
    .option('--env-file <file>', 'env file; variables already set win (default: .env, if there is one)')
    .option('--address <host:port>', 'Temporal’s address, instead of TEMPORAL_ADDRESS')
    .option('--namespace <name>', 'Temporal’s namespace, instead of TEMPORAL_NAMESPACE')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => host.stdout.write(text), writeErr: (text) => host.stderr.write(text) })
    .addHelpText(
      'after',
      `
Which Temporal: --address, TEMPORAL_ADDRESS or the env file; without any of
them the local stack of this folder (\`npm start\`) while it runs, else
127.0.0.1:7233. \`doctor\` and errors show it.

${exitCodesHelp}`,
    )
    .exitOverride();

  addStartCommand(program, run);
  addStatusCommand(program, run);
  addListCommand(program, run);
  addAcceptanceCommands(program, run);
  addOperatorCommands(program, run);
  addEventsCommand(program, run);
  addDoctorCommand(program, run);
  addCompletionCommand(program, run);
  return program;
}

function printReport(host: Host, { text, json, warning }: Report, asJson: boolean): void {
  if (warning !== undefined) host.stderr.write(`${warning}\n`);
  host.stdout.write(`${asJson ? JSON.stringify(json, undefined, 2) : text}\n`);
}

function printFailure(host: Host, error: unknown, asJson: boolean, session: Session | undefined): ExitCode {
  const isUsageError = error instanceof CommanderError;
  const { type, message, details, exitCode } = isUsageError ? toUsageFailure(error) : toCommandFailure(error);
  const temporal = session?.usedTarget;
  if (!isUsageError) host.stderr.write(`${message}\n`); // commander has printed its own
  if (temporal) {
    host.stderr.write(`Temporal: ${temporal.address} (${temporal.source}), namespace ${temporal.namespace}\n`);
  }
  if (asJson) {
    host.stdout.write(`${JSON.stringify({ error: { type, message, ...details, temporal } }, undefined, 2)}\n`);
  }
  return exitCode;
}

function toUsageFailure({ code, message }: CommanderError): CommandFailure {
  // Without a command commander prints the help instead of a message.
  const text = code === 'commander.help' ? 'A command is missing; see --help.' : message.replace(/^error: /, '');
  return new CommandFailure('usage', text);
}
