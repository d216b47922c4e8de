import { setTimeout as delay } from 'node:timers/promises';
import type { Part, Service, Step } from './part';
import { RunningPart } from './running-part';
import { Warden } from './warden';

const READY_POLL_MS = 100;
const LINES_SHOWN_OF_A_FAILURE = 15;

export interface SupervisorOptions {
  readonly logFolder: string;
  /** How long a part may take to end after SIGTERM before it gets SIGKILL. Default 10 s. */
  readonly graceMs?: number;
  /** Given every line the parts log. */
  readonly onLogLine?: (part: string, line: string) => void;
}

/** A part that did not start, ended by itself, or took too long; carries the last lines it logged. */
export class PartFailure extends Error {
  constructor({ part, log }: RunningPart, what: string) {
    const lines = log.lastLines(LINES_SHOWN_OF_A_FAILURE).map((line) => `  ${line}`);
    super([`${part.name} ${what}. The end of ${log.path}:`, ...lines].join('\n'));
    this.name = 'PartFailure';
  }
}

/** Starts parts one after another, notices when one ends by itself, and ends them all in reverse order. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #running: RunningPart[] = [];
  readonly #stopped = new AbortController();
  readonly #warden = new Warden();
  #stop: Promise<void> | undefined;
  #reportFailure: (failure: PartFailure) => void = () => undefined;

  /** Resolves when a service ends by itself after it was ready. */
  readonly failure = new Promise<PartFailure>((resolve) => (this.#reportFailure = resolve));

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Starts `part` and resolves when it is ready (a step: when it has succeeded). Throws PartFailure, or an AbortError once stopped. */
  async start(part: Part): Promise<void> {
    this.#stopped.signal.throwIfAborted();
    const running = new RunningPart(part, this.#options.logFolder);
    this.#track(running);
    const deadline = AbortSignal.timeout(part.timeoutMs);
    const limit = AbortSignal.any([deadline, this.#stopped.signal]);
    try {
      const started = part.kind === 'step' ? this.#finish(running, limit) : this.#becomeReady(running, part, limit);
      await Promise.race([started, this.failure.then(raise)]);
    } catch (error) {
      this.#stopped.signal.throwIfAborted();
      throw deadline.aborted ? new PartFailure(running, lateness(part)) : error;
    }
  }

  /** Ends all parts, the last one started first; resolves when no process is left. May be called again. */
  async stop(): Promise<void> {
    this.#stop ??= this.#stopInReverse();
    await this.#stop;
  }

  /** Kills every part at once, for whoever cannot wait for `stop`. */
  kill(): void {
    this.#stopped.abort();
    for (const running of this.#running) running.signal('SIGKILL');
  }

  async #stopInReverse(): Promise<void> {
    this.#stopped.abort();
    for (const running of this.#running.toReversed()) await running.stop(this.#options.graceMs ?? 10_000);
    this.#warden.dismiss();
  }

  #track(running: RunningPart): void {
    const { part, log } = running;
    const { onLogLine } = this.#options;
    const endFollowing = onLogLine && log.follow((line) => onLogLine(part.name, line));
    this.#running.push(running);
    this.#tellWarden();
    void running.ended.then(() => {
      endFollowing?.();
      this.#running.splice(this.#running.indexOf(running), 1);
      this.#tellWarden();
    });
  }

  #tellWarden(): void {
    this.#warden.watch(this.#running.toReversed().flatMap(({ pid }) => pid ?? []));
  }

  async #finish(running: RunningPart, limit: AbortSignal): Promise<void> {
    const ending = await Promise.race([running.ended, abortion(limit)]);
    if (!ending.succeeded) throw new PartFailure(running, ending.description);
  }

  async #becomeReady(running: RunningPart, service: Service, limit: AbortSignal): Promise<void> {
    let ready = false;
    const failed = running.ended.then(
      ({ description }) => new PartFailure(running, ready ? description : `${description} before it was ready`),
    );
    const untilEnd = AbortSignal.any([limit, endOf(running)]);
    await Promise.race([untilReady(service, untilEnd), failed.then(raise), abortion(limit)]);
    ready = true;
    void failed.then((failure) => this.#stopped.signal.aborted || this.#reportFailure(failure));
  }
}

async function untilReady(service: Service, limit: AbortSignal): Promise<void> {
  while (!(await service.isReady(limit).catch(() => false))) {
    await delay(READY_POLL_MS, undefined, { signal: limit });
  }
}

function raise(error: Error): never {
  throw error;
}

function endOf(running: RunningPart): AbortSignal {
  const ended = new AbortController();
  void running.ended.then(() => ended.abort());
  return ended.signal;
}

async function abortion(limit: AbortSignal): Promise<never> {
  return await new Promise((_, reject) => {
    const fail = () => reject(limit.reason as Error);
    if (limit.aborted) fail();
    else limit.addEventListener('abort', fail, { once: true });
  });
}

function lateness(part: Service | Step): string {
  const what = part.kind === 'service' ? 'was not ready' : 'had not ended';
  return `${what} after ${part.timeoutMs / 1000} s`;
}
