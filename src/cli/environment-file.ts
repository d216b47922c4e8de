import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { Environment } from '../config';
import { CommandFailure, exitCodes } from './failures';

/**
 * Adds the variables of an env file to `environment`; those already set win. Without a path it is `.env` of the
 * working directory, which need not exist. @throws CommandFailure for a file that cannot be read.
 */
export function loadEnvironmentFile(
  environment: Environment,
  workingDirectory: string,
  path: string | undefined,
): void {
  let text: string;
  try {
    text = readFileSync(resolve(workingDirectory, path ?? '.env'), 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    if (path === undefined && code === 'ENOENT') return;
    throw new CommandFailure(
      'environmentFileUnreadable',
      `The env file ${path ?? '.env'} cannot be read (${code}): check --env-file.`,
      exitCodes.invalid,
    );
  }
  for (const [name, value] of Object.entries(parseEnv(text))) environment[name] ??= value;
}
