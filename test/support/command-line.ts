import { type ExitCode, exitCodes } from '../../src/cli/failures';
import type { Host } from '../../src/cli/host';
import { runCommandLine } from '../../src/cli/program';
import { connectClient } from '../../src/temporal/connection';

export interface Run {
  code: ExitCode;
  stdout: string;
  stderr: string;
}

export interface Surroundings {
  environment?: Record<string, string>;
  stdin?: string;
  confirm?: Host['confirm'];
  workingDirectory?: string;
  /** Whether a human sits at stderr. */
  isTerminal?: boolean;
  /** Hears of stderr while the command runs. */
  onStderr?: (text: string) => void;
}

/** A command line in this process, as `npm run cli -- …args` would be one of its own. */
export async function commandLine(args: readonly string[], surroundings: Surroundings = {}): Promise<Run> {
  const written = { stdout: '', stderr: '' };
  const host: Host = {
    stdin: (async function* () {
      yield surroundings.stdin ?? '';
    })(),
    stdout: { write: (text) => (written.stdout += text) },
    stderr: {
      isTTY: surroundings.isTerminal,
      write: (text) => {
        written.stderr += text;
        surroundings.onStderr?.(text);
      },
    },
    environment: { TEMPORAL_CONFIG_FILE: '/nonexistent/temporal.toml', ...surroundings.environment },
    confirm: surroundings.confirm,
    workingDirectory: surroundings.workingDirectory ?? '/nonexistent',
    operator: 'jdoe',
    connect: connectClient,
  };
  return { code: await runCommandLine(args, host), ...written };
}

/** What a command prints with --json, once it has done its work. */
export async function answerOf(args: readonly string[], surroundings?: Surroundings): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await commandLine(['--json', ...args], surroundings);
  if (code !== exitCodes.done) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** What a command prints with --json when it fails. */
export function errorOf({ stdout }: Run): Record<string, unknown> {
  return (JSON.parse(stdout) as { error: Record<string, unknown> }).error;
}
