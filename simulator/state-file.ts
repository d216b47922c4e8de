/** Keeps the simulator's knowledge over a restart. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Agreement, Attestation } from './store';
import type { Answer } from './operation';
import type { WorldState } from './world';

const stateSchema = z.object({
  version: z.literal(1),
  clockOffsetMs: z.number(),
  tokens: z.object({ key: z.string(), generation: z.number() }),
  attestations: z.array(z.custom<Attestation>(hasMembers('id', 'expiresAt', 'contact', 'usedBy'))),
  agreements: z.array(z.custom<Agreement>(hasMembers('customerId', 'contact', 'createdAt'))),
  directAcceptances: z.record(z.string(), z.number()),
  replays: z.record(z.string(), z.custom<Answer>(hasMembers('status'))),
});

/** Short enough to lose next to nothing to a kill, long enough to gather a burst of commits into one write. */
const GATHER_MS = 50;

/** Reads a state file; undefined when there is none yet. Throws with the mend when it is not one. */
export async function readState(path: string): Promise<WorldState | undefined> {
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
    throw new Error(`The state file ${path} holds no state of this simulator. Remove it, or name another file.`, {
      cause: error,
    });
  }
}

/** Writes states whole or not at all: into a file beside, then renamed over the old one. */
export class StateFile {
  readonly #path: string;
  readonly #snapshot: () => WorldState;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #gatherMs = GATHER_MS;

  constructor(path: string, snapshot: () => WorldState) {
    this.#path = path;
    this.#snapshot = snapshot;
  }

  /** Writes soon; calls until then share the write. */
  schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.flush().catch((error: unknown) => process.emitWarning(error as Error));
    }, this.#gatherMs);
  }

  /** Resolves once everything known now is on disk. */
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
    await writeFile(temporary, JSON.stringify(this.#snapshot()));
    await rename(temporary, this.#path);
    // Every write holds the whole state: at ten thousand attestations a fixed pace would keep a core busy.
    this.#gatherMs = Math.max(GATHER_MS, 5 * (performance.now() - startedAt));
  }
}

function hasMembers(...names: string[]): (value: unknown) => boolean {
  return (value) => typeof value === 'object' && value !== null && names.every((name) => name in value);
}
