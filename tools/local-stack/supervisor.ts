import { setTimeout as delay } from 'node:timers/promises';
import { PartProcess } from './part-process';
import type { Part, Service } from './parts';
import { OrphanReaper } from './shutdown';

const READY_POLL_MS = 100;
const FAILURE_LINES_SHOWN = 15;

export interface SupervisorOptions {
  readonly logFolder: string;
  /** Time from SIGTERM to SIGKILL. Default 10 s. */
  readonly graceMs?: number;
  /** Called with every line that the parts log. */
  readonly onLogLine?: (part: string, line: string) => void;
}

/** A part did not start, ended too early or timed out; the message contains its last log lines. */
export class PartFailure extends Error {
  constructor({ part, log }: PartProcess, what: string) {
    const lines = log.getLastLines(FAILURE_LINES_SHOWN).map((line) => `  ${line}`);
    super([`${part.name} ${what}. The end of ${log.path}:`, ...lines].join('\n'));
    this.name = 'PartFailure';
  }
}

/** Starts parts one after another, reports when one ends early, and stops them in reverse order. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #running: PartProcess[] = [];
  readonly #stopped = new AbortController();
  readonly #reaper = new OrphanReaper();
  #stop: Promise<void> | undefined;
  #reportFailure: (failure: PartFailure) => void = () => undefined;

  /** Resolves when a service ends by itself after it was ready. */
  readonly failure = new Promise<PartFailure>((resolve) => (this.#reportFailure = resolve));

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Starts a service and resolves when it is ready, or runs a step to completion. Throws PartFailure, or AbortError once stopped. */
  async start(part: Part): Promise<void> {
    this.#stopped.signal.throwIfAborted();
    const running = new PartProcess(part, this.#options.logFolder);
    this.#track(running);
    const deadline = AbortSignal.timeout(part.timeoutMs);
    const limit = AbortSignal.any([deadline, this.#stopped.signal]);
    try {
      const started = part.kind === 'step' ? this.#finish(running, limit) : this.#becomeReady(running, part, limit);
      await Promise.race([started, this.failure.then(raise)]);
    } catch (error) {
      this.#stopped.signal.throwIfAborted();
      if (!deadline.aborted) throw error;
      const what = part.kind === 'service' ? 'was not ready' : 'had not ended';
      throw new PartFailure(running, `${what} after ${part.timeoutMs / 1000} s`);
    }
  }

  /** Stops all parts in reverse order; resolves when every process has ended. May be called again. */
  async stop(): Promise<void> {
    this.#stop ??= this.#stopInReverse();
    await this.#stop;
  }

  /** Kills every part immediately, with SIGKILL. */
  kill(): void {
    this.#stopped.abort();
    for (const running of this.#running) running.signal('SIGKILL');
  }

  async #stopInReverse(): Promise<void> {
    this.#stopped.abort();
    for (const running of this.#running.toReversed()) await running.stop(this.#options.graceMs ?? 10_000);
    this.#reaper.close();
  }

  #track(running: PartProcess): void {
    const { part, log } = running;
    const { onLogLine } = this.#options;
    const stopFollowing = onLogLine && log.follow((line) => onLogLine(part.name, line));
    const updateReaper = () => this.#reaper.watch(this.#running.toReversed().flatMap(({ pid }) => pid ?? []));
    this.#running.push(running);
    updateReaper();
    void running.ended.then(() => {
      stopFollowing?.();
      this.#running.splice(this.#running.indexOf(running), 1);
      updateReaper();
    });
  }

  async #finish(running: PartProcess, limit: AbortSignal): Promise<void> {
    const ending = await Promise.race([running.ended, rejectOnAbort(limit)]);
    if (!ending.succeeded) throw new PartFailure(running, ending.description);
  }

  async #becomeReady(running: PartProcess, service: Service, limit: AbortSignal): Promise<void> {
    let ready = false;
    const ended = new AbortController();
    const failed = running.ended.then(({ description }) => {
      ended.abort();
      return new PartFailure(running, ready ? description : `${description} before it was ready`);
    });
    const waiting = pollUntilReady(service, AbortSignal.any([limit, ended.signal]));
    await Promise.race([waiting, failed.then(raise), rejectOnAbort(limit)]);
    ready = true;
    void failed.then((failure) => this.#stopped.signal.aborted || this.#reportFailure(failure));
  }
}

async function pollUntilReady(service: Service, limit: AbortSignal): Promise<void> {
  while (!(await service.isReady(limit).catch(() => false))) {
    await delay(READY_POLL_MS, undefined, { signal: limit });
  }
}

function raise(error: Error): never {
  throw error;
}

async function rejectOnAbort(limit: AbortSignal): Promise<never> {
  return await new Promise((_, reject) => {
    const fail = () => reject(limit.reason as Error);
    if (limit.aborted) fail();
    else limit.addEventListener('abort', fail, { once: true });
  });
}
