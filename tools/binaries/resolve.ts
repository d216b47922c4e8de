import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { getMessage, type ProgressStream } from './command';

export interface ResolvedBinary {
  /** An executable file. */
  readonly path: string;
  /** Where it came from, for display: "cache", "PATH", "built from pinned modules". */
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
  /** Throws an error that says why this source does not have it. */
  find(): Promise<ResolvedBinary>;
}

/** Returns the binary of the first source that has it. Throws an error with `advice` and why each source failed. */
export async function resolveBinary(
  binary: string,
  sources: readonly BinarySource[],
  advice: string,
): Promise<ResolvedBinary> {
  const failures: string[] = [];
  for (const source of sources) {
    try {
      return await source.find();
    } catch (error) {
      failures.push(`  - ${source.name}: ${getMessage(error).replaceAll('\n', '\n      ')}`);
    }
  }
  throw new Error(`No ${binary} could be found, downloaded or built.\n${advice}\nTried:\n${failures.join('\n')}`);
}

/** Whether `path` is a file that this user may run. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The executable called `name` that a shell with this environment would run, if any. */
export function findOnPath(name: string, environment: NodeJS.ProcessEnv): string | undefined {
  return (environment['PATH'] ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/**
 * The executable that `variable` names; undefined when it is unset.
 * Throws if it is not executable, because falling back to the next source would silently use a different binary.
 */
export function readExecutable(variable: string, environment: NodeJS.ProcessEnv): string | undefined {
  const path = environment[variable];
  if (!path) return undefined;
  if (isExecutable(path)) return path;
  throw new Error(`${variable} is "${path}", which is not an executable file: correct the path or unset the variable.`);
}
