/** The command line for operators: wires it to this process. */
import { userInfo } from 'node:os';
import { onDemand } from './cli/on-demand';
import { confirmAtTerminal } from './cli/confirm';
import { runCommandLine } from './cli/program';

function operatingSystemUser(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined; // a container may run under a number that has no name
  }
}

// A reader that has seen enough (`… | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

void runCommandLine(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  confirm: process.stdin.isTTY && process.stderr.isTTY ? confirmAtTerminal : undefined,
  environment: process.env,
  workingDirectory: process.cwd(),
  operator: operatingSystemUser(),
  connect: async (environment) => onDemand.connection().connectClient(environment),
}).then((code) => {
  process.exitCode = code;
});
