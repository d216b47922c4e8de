import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly cwd?: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
  /** Kills the command, and all processes that it started, when it is aborted. */
  readonly signal?: AbortSignal;
  /** Called with each line of stdout and stderr as it is printed. */
  readonly onLine?: (line: string) => void;
}

/** Where progress is shown: one line that is redrawn on a terminal, separate lines anywhere else. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const FAILURE_LINES_SHOWN = 12;
const HEARTBEAT_MS = 20_000; // CI systems end a job that prints nothing for a long time
const REDRAW_MS = 1_000;

/**
 * Runs a command and returns what it printed, stdout and stderr together.
 * Throws the reason of the abort, or, when the command cannot start, fails or times out, an error with its last lines.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const timeout = options.timeoutMs === undefined ? undefined : AbortSignal.timeout(options.timeoutMs);
  const limit = AbortSignal.any([timeout, options.signal].filter((signal) => signal !== undefined));
  limit.throwIfAborted();

  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.environment ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // its own process group, so that killing it also ends the compilers and servers it started
  });
  let printed = '';
  let unfinishedLine = '';
  const onOutput = (chunk: Buffer) => {
    printed += chunk.toString();
    const lines = (unfinishedLine + chunk.toString()).split('\n');
    unfinishedLine = lines.pop() ?? '';
    for (const line of lines) options.onLine?.(line);
  };
  child.stdout.on('data', onOutput);
  child.stderr.on('data', onOutput);

  const killGroup = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // already gone
    }
  };
  limit.addEventListener('abort', killGroup);
  const stopForwarding = killOnExit(killGroup);
  try {
    const failure = await new Promise<string | undefined>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve(code === 0 ? undefined : (signal ?? `exit code ${code}`)));
    });
    if (failure === undefined) return printed;
    if (options.signal?.aborted) throw options.signal.reason;
    const what = timeout?.aborted ? `took longer than ${options.timeoutMs} ms` : `ended with ${failure}`;
    throw new Error([`\`${command} ${args[0] ?? ''}\` ${what}`, ...getLastLines(printed)].join('\n'));
  } finally {
    limit.removeEventListener('abort', killGroup);
    stopForwarding();
  }
}

/** Runs `work` while showing `step`, the detail that it last reported, and the seconds it has taken. */
export async function withProgress<T>(
  stream: ProgressStream,
  step: string,
  work: (report: (detail: string) => void) => Promise<T>,
): Promise<T> {
  const startedAt = Date.now();
  let detail = '';
  const show = () => {
    const line = `${step}: ${detail && `${detail}, `}${Math.round((Date.now() - startedAt) / 1000)} s`;
    stream.write(stream.isTTY ? `\r\u001B[K${line}` : `${line}\n`);
  };
  stream.write(stream.isTTY ? step : `${step}\n`);
  const timer = setInterval(show, stream.isTTY ? REDRAW_MS : HEARTBEAT_MS);
  try {
    return await work((reported) => (detail = reported));
  } finally {
    clearInterval(timer);
    if (stream.isTTY) stream.write('\r\u001B[K');
  }
}

/** The message of an `Error`, or any other thrown value as a string. */
export function getMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Calls `killGroup` when this process ends, because a detached process group gets no Ctrl-C from the terminal. Returns a
 * function that removes the handlers.
 */
function killOnExit(killGroup: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals) => {
    killGroup();
    undo();
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const undo = () => {
    process.removeListener('exit', killGroup);
    for (const signal of ENDING_SIGNALS) process.removeListener(signal, onSignal);
  };
  process.once('exit', killGroup);
  for (const signal of ENDING_SIGNALS) process.on(signal, onSignal);
  return undo;
}

function getLastLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter(Boolean)
    .slice(-FAILURE_LINES_SHOWN);
}
