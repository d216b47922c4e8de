import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { getMessage } from './binaries/command';
import { resolveTemporalCli } from './binaries/temporal-cli';

/** Runs the Temporal CLI with these arguments and this process's stdio; resolves with the exit code. */
async function passThrough(args: readonly string[]): Promise<number> {
  const { path } = await resolveTemporalCli();
  const child = spawn(path, args, { stdio: 'inherit' });
  // The terminal sends Ctrl-C to both processes, and the CLI handles it. A SIGTERM reaches only this process.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

passThrough(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(getMessage(error));
    process.exitCode = 1;
  },
);
