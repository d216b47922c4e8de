import type { ProgressStream } from './progress';

export interface ResolvedBinary {
  /** An executable file. */
  readonly path: string;
  /** Where it came from, in words a person can check. */
  readonly origin: string;
  readonly version: string;
}

export interface ResolveOptions {
  /** Default: this process's environment. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Default: stderr, so that stdout stays clean for callers that parse it. */
  readonly progress?: ProgressStream;
}

/** One place a binary may come from. */
export interface BinarySource {
  readonly name: string;
  /** The binary, or the reason in words why it is not to be had here. Throws where going on would hide a mistake. */
  find(): Promise<ResolvedBinary | string>;
}

/** The first source that has the binary. Throws an error that lists every source tried, why it failed, and `mend`. */
export async function firstOf(binary: string, sources: readonly BinarySource[], mend: string): Promise<ResolvedBinary> {
  const failures: string[] = [];
  for (const source of sources) {
    const found = await source.find();
    if (typeof found !== 'string') return found;
    failures.push(`  - ${source.name}: ${found.replaceAll('\n', '\n      ')}`);
  }
  throw new Error(`No ${binary} could be found, downloaded or built.\n${mend}\nTried:\n${failures.join('\n')}`);
}

/** The text of whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
