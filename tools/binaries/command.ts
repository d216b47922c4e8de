import { spawn, type SpawnOptions } from 'node:child_process';

export interface CommandOptions {
  readonly cwd?: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
  /** Ends the command, and all it started, as soon as it is aborted. */
  readonly signal?: AbortSignal;
}

const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const LINES_KEPT_OF_A_FAILURE = 12;

/**
 * Runs a command to its end and returns what it printed, stdout and stderr together.
 * Throws the abort's reason, or an error with the last lines printed when it cannot start, fails or takes too long.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const timeout = options.timeoutMs === undefined ? undefined : AbortSignal.timeout(options.timeoutMs);
  const limit = AbortSignal.any([timeout, options.signal].filter((signal) => signal !== undefined));
  limit.throwIfAborted();

  const spawnOptions: SpawnOptions = {
    cwd: options.cwd,
    env: options.environment ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a group of its own, so that compilers and servers it started end with it
  };
  const child = spawn(command, args, spawnOptions);
  let printed = '';
  const keep = (chunk: Buffer) => (printed += chunk.toString());
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);

  const endGroup = () => killGroup(child.pid);
  limit.addEventListener('abort', endGroup);
  const endWatching = endWithThisProcess(endGroup);
  try {
    const ended = await new Promise<string | undefined>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve(code === 0 ? undefined : (signal ?? `exit code ${code}`)));
    });
    if (ended === undefined) return printed;
    const why = timeout?.aborted ? `took longer than ${options.timeoutMs} ms` : `ended with ${ended}`;
    if (options.signal?.aborted) throw options.signal.reason;
    throw new Error([`\`${command} ${args[0] ?? ''}\` ${why}`, ...lastLines(printed)].join('\n'));
  } finally {
    limit.removeEventListener('abort', endGroup);
    endWatching();
  }
}

/** A group of its own does not hear the Ctrl-C meant for this process, so the end is passed on. Returns the way to undo it. */
function endWithThisProcess(endGroup: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals) => {
    endGroup();
    undo();
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const undo = () => {
    process.removeListener('exit', endGroup);
    for (const signal of ENDING_SIGNALS) process.removeListener(signal, onSignal);
  };
  process.once('exit', endGroup);
  for (const signal of ENDING_SIGNALS) process.on(signal, onSignal);
  return undo;
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // already gone
  }
}

function lastLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter(Boolean)
    .slice(-LINES_KEPT_OF_A_FAILURE);
}
