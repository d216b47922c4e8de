/** Keeps the simulator's state across restarts. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Answer } from './operations';
import type { Simulation, StoredState } from './simulation';
import type { Agreement, Attestation } from './store';

const stateSchema = z.object({
  version: z.literal(1),
  clockOffsetMs: z.number(),
  tokens: z.object({ key: z.string(), generation: z.number() }),
  attestations: z.array(z.custom<Attestation>(hasMembers('id', 'expiresAt', 'contact', 'usedBy'))),
  agreements: z.array(z.custom<Agreement>(hasMembers('customerId', 'contact', 'createdAt'))),
  directAcceptances: z.record(z.string(), z.number()),
  replays: z.record(z.string(), z.custom<Answer>(hasMembers('status'))),
});

/** Short, so that SIGKILL loses almost nothing; long enough to combine a burst of commits into one write. */
const SHORTEST_DELAY_MS = 50;

/** Restores the simulation from the file and from now on writes every change to it. */
export async function attachStateFile(simulation: Simulation, path: string): Promise<StateFile> {
  const state = await readState(path);
  if (state) simulation.restore(state);
  const stateFile = new StateFile(path, () => simulation.toState());
  simulation.onChange = () => stateFile.schedule();
  return stateFile;
}

/** Undefined when the file does not exist. */
async function readState(path: string): Promise<StoredState | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(
      `The state file ${path} does not contain the state of this simulator. Remove it, or name another file.`,
      {
        cause: error,
      },
    );
  }
}

/** Writes atomically: into a temporary file that then replaces the old one. */
class StateFile {
  readonly #path: string;
  readonly #getState: () => StoredState;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #delayMs = SHORTEST_DELAY_MS;

  constructor(path: string, getState: () => StoredState) {
    this.#path = path;
    this.#getState = getState;
  }

  /** Writes after a short delay; calls during the delay share one write. */
  schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.flush().catch((error: unknown) => process.emitWarning(error as Error));
    }, this.#delayMs);
  }

  /** Resolves once the current state is on disk. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.catch(() => {}).then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<void> {
    const startedAt = performance.now();
    await mkdir(dirname(this.#path), { recursive: true });
    const temporary = `${this.#path}.tmp`;
    await writeFile(temporary, JSON.stringify(this.#getState()));
    await rename(temporary, this.#path);
    // Every write contains the whole state, so with ten thousand attestations a fixed delay would keep a core busy.
    this.#delayMs = Math.max(SHORTEST_DELAY_MS, 5 * (performance.now() - startedAt));
  }
}

function hasMembers(...names: string[]): (value: unknown) => boolean {
  return (value) => typeof value === 'object' && value !== null && names.every((name) => name in value);
}
