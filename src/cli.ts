import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { runCommandLine } from './cli/program';

// A reader that closes early (`… | head`) is not an error.
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
  operator: getOperatingSystemUser(),
}).then((code) => {
  process.exitCode = code;
});

/** Asks on stderr, because stdout is for the report only. Anything but yes means no. */
async function confirmAtTerminal(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}

function getOperatingSystemUser(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined; // in a container the user id may have no name
  }
}
