import { type ExitCode, exitCodes } from '../../src/cli/failures';
import type { Host } from '../../src/cli/session';
import { runCommandLine } from '../../src/cli/program';
import type { OnboardingRequest } from '../../src/onboarding/request';
import { eventually } from './eventually';

export interface Run {
  code: ExitCode;
  stdout: string;
  stderr: string;
}

export interface CommandLineOptions {
  environment?: Record<string, string>;
  stdin?: string;
  confirm?: Host['confirm'];
  workingDirectory?: string;
  /** Whether stderr is a terminal. */
  isTerminal?: boolean;
  /** Called with what is written to stderr while the command runs. */
  onStderr?: (text: string) => void;
}

/** Runs a command line in this process, as `onboarding …args` runs in its own. */
export async function runCommandLineInProcess(args: readonly string[], options: CommandLineOptions = {}): Promise<Run> {
  const written = { stdout: '', stderr: '' };
  const host: Host = {
    stdin: (async function* () {
      yield options.stdin ?? '';
    })(),
    stdout: { write: (text) => (written.stdout += text) },
    stderr: {
      isTTY: options.isTerminal,
      write: (text) => {
        written.stderr += text;
        options.onStderr?.(text);
      },
    },
    environment: { TEMPORAL_CONFIG_FILE: '/nonexistent/temporal.toml', ...options.environment },
    confirm: options.confirm,
    workingDirectory: options.workingDirectory ?? '/nonexistent',
    operator: 'jdoe',
  };
  return { code: await runCommandLine(args, host), ...written };
}

/** What a command prints with --json, once it has done its work. */
async function runJson(args: readonly string[], options?: CommandLineOptions): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await runCommandLineInProcess(['--json', ...args], options);
  if (code !== exitCodes.done) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** What a command prints with --json when it fails. */
export function parseError({ stdout }: Run): Record<string, unknown> {
  return (JSON.parse(stdout) as { error: Record<string, unknown> }).error;
}

type Answer = Record<string, unknown>;

/** An operator's command line in one environment. */
export class TestCli {
  constructor(private readonly environment: Record<string, string>) {}

  run(...args: string[]): Promise<Run> {
    return runCommandLineInProcess(args, { environment: this.environment });
  }

  json(...args: string[]): Promise<Answer> {
    return runJson(args, { environment: this.environment });
  }

  async failure(...args: string[]): Promise<{ code: number; error: Answer }> {
    const run = await this.run('--json', ...args);
    return { code: run.code, error: parseError(run) };
  }

  start(request: OnboardingRequest, environment: Record<string, string> = {}): Promise<Answer> {
    const stdin = JSON.stringify(request);
    return runJson(['start', '-'], { environment: { ...this.environment, ...environment }, stdin });
  }

  /** Repeats a command until its answer is as expected, because visibility lags. */
  async until(args: string[], wanted: (answer: Answer) => boolean, timeoutMs = 60_000): Promise<Answer> {
    let answer: Answer = {};
    return eventually(
      async () => {
        answer = await this.json(...args);
        return wanted(answer) && answer;
      },
      { what: () => `another answer of ${args.join(' ')} than ${JSON.stringify(answer)}`, timeoutMs, intervalMs: 50 },
    );
  }

  untilStatus(deal: string, status: string): Promise<Answer> {
    return this.until(['status', deal], (view) => view['status'] === status && view['partial'] === undefined);
  }
}

/** The ids in the answer of `list`. */
export function getIds(answer: Answer): string[] {
  return (answer['onboardings'] as { id: string }[]).map(({ id }) => id);
}
