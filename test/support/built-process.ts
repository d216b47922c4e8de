/** The programs as operators run them: processes of their own, from the build, configured by environment alone. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { eventually } from './eventually';

const BUILD = resolve(__dirname, '../../lib/src');
const READY_WITHIN_MS = 40_000; // about two seconds on an idle machine

export type Environment = Record<string, string>;

export interface ProcessEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

interface LogEntry {
  level: string;
  message: string;
  /** Addresses, in the entry that says that a process has started. */
  health?: string;
  url?: string;
  metrics?: string;
}

/** A process with the addresses that it serves; empty where it serves none. */
export type StartedProcess = BuiltProcess & { health: string; url: string; metrics: string };

export class BuiltProcess {
  private static readonly running = new Set<BuiltProcess>();

  stdout = '';
  stderr = '';
  readonly ended: Promise<ProcessEnd>;
  private hasEnded = false;

  private constructor(private readonly child: ChildProcessByStdio<null, Readable, Readable>) {
    child.stdout.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    BuiltProcess.running.add(this);
    this.ended = once(child, 'close').then(([code, signal]) => {
      this.hasEnded = true;
      BuiltProcess.running.delete(this);
      return {
        code: code as number | null,
        signal: signal as NodeJS.Signals | null,
        stdout: this.stdout,
        stderr: this.stderr,
      };
    });
  }

  /** `program` is a path below `src`, without its ending. Nothing of the caller's environment is passed on. */
  static start(program: string, environment: Environment, build = BUILD): BuiltProcess {
    const path = `${build}/${program}.js`;
    if (!existsSync(path)) throw new Error(`${path} is missing. Run: npm run build`);
    const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', ...environment };
    const child = spawn(process.execPath, ['--enable-source-maps', path], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    return new BuiltProcess(child);
  }

  /** A worker that polls for work. */
  static startWorker(environment: Environment, build = BUILD): Promise<StartedProcess> {
    return BuiltProcess.start('worker', environment, build).#untilStarted('Worker started');
  }

  /** A gateway that listens; Temporal may be unreachable. */
  static startGateway(environment: Environment): Promise<StartedProcess> {
    return BuiltProcess.start('gateway', environment).#untilStarted('Gateway started');
  }

  /** Ends every process that a test has not ended. */
  static async killAll(): Promise<void> {
    await Promise.all([...BuiltProcess.running].map((started) => started.kill('SIGKILL')));
  }

  async #untilStarted(message: string): Promise<StartedProcess> {
    const { health = '', url = '', metrics = '' } = await this.waitForLogEntry(message);
    return Object.assign(this, { health, url, metrics });
  }

  kill(signal: NodeJS.Signals): Promise<ProcessEnd> {
    this.child.kill(signal);
    return this.ended;
  }

  /** Waits for the log entry with this message. */
  async waitForLogEntry(message: string): Promise<LogEntry> {
    const found = await eventually(() => this.log().find((entry) => entry.message === message) ?? this.hasEnded, {
      what: () => `the log entry "${message}" in:\n${this.stderr}`,
      timeoutMs: READY_WITHIN_MS,
    });
    if (found === true) throw new Error(`The process ended without the log entry "${message}":\n${this.stderr}`);
    return found;
  }

  /** Whole lines only: the last one may be half written. */
  log(): LogEntry[] {
    return this.stderr
      .split('\n')
      .slice(0, -1)
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as LogEntry);
  }
}
