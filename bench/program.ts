/** Shared by the benchmark and the chaos run: progress, Ctrl-C, exit codes, and the machine and versions in a report. */
import { setMaxListeners } from 'node:events';
import { cpus, totalmem } from 'node:os';
import { version as sdkVersion } from '@temporalio/client/package.json';
import { getMessage } from '../tools/binaries/command';
import { endWithNpm, waitForInterruption } from '../tools/local-stack/shutdown';

const INTERRUPTED_EXIT_CODE = 130;

/** Prints progress to stderr, so that the report on stdout can be piped. */
export function logProgress(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Runs `job` and resolves with its exit code; on Ctrl-C, aborts `stop` and waits until `job` has cleaned up. */
export async function runInterruptibly(job: (stop: AbortSignal) => Promise<number>): Promise<number> {
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const running = job(stop.signal);
  const stopRunning = async () => {
    logProgress('Stopping');
    stop.abort();
    await running.catch(() => undefined);
  };
  void waitForInterruption(process, { onFirst: stopRunning, onSecond: () => undefined });
  endWithNpm(process.env);
  try {
    return await running;
  } catch (error) {
    if (stop.signal.aborted) return INTERRUPTED_EXIT_CODE;
    throw error;
  }
}

/** Ends the process with the exit code that `main` resolves with, or prints the error and exits with 1. */
export async function runProgram(main: () => Promise<number>): Promise<never> {
  try {
    return process.exit(await main()); // otherwise the signal handlers keep the process alive
  } catch (error) {
    console.error(getMessage(error));
    return process.exit(1);
  }
}

/** Machine and versions, for the header of a report. */
export interface TestBed {
  readonly machine: string;
  readonly versions: Record<string, string>;
}

export function describeTestBed(temporalCli: string, temporalServer: string): TestBed {
  const processors = cpus();
  const model = processors[0]?.model.trim() ?? 'unknown';
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  return {
    machine: `${processors.length} × ${model}, ${gibibytes} GiB, ${process.platform} ${process.arch}`,
    versions: {
      node: process.version,
      'Temporal SDK': sdkVersion,
      'Temporal CLI': temporalCli,
      'Temporal server': temporalServer,
    },
  };
}

export function formatTestBed({ machine, versions }: TestBed): string[] {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [machine, named.join(', ')];
}
