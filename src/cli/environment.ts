import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { Environment } from '../config';
import { CommandFailure } from './failures';

export interface EnvironmentOptions {
  envFile?: string;
  address?: string;
  namespace?: string;
}

/** What `npm start` writes while it runs: its process, and the variables with which a process uses its stack. */
interface LocalStack {
  pid: number;
  environment: Record<string, string>;
}

const STACK_FILE = join('.local', 'stack.json');

/**
 * Completes `environment` in place and returns where TEMPORAL_ADDRESS comes from; undefined if nothing sets it.
 * Variables that are set already win over those of the env file: `envFile`, or else `.env` in the working directory.
 * Without an env file, and if no variable names a Temporal server, those of the local stack apply while it runs.
 * @throws CommandFailure for an env file that cannot be read
 */
export function completeEnvironment(
  environment: Environment,
  workingDirectory: string,
  { envFile, address, namespace }: EnvironmentOptions,
): string | undefined {
  const isSet = () => Boolean(environment['TEMPORAL_ADDRESS']);
  let source = isSet() ? 'environment' : undefined;

  const fromFile = readEnvironmentFile(workingDirectory, envFile);
  addMissing(environment, fromFile ?? {});
  if (isSet()) source ??= envFile ?? '.env';

  if (address !== undefined) {
    environment['TEMPORAL_ADDRESS'] = address;
    source = '--address';
  }
  if (fromFile === undefined && !namesTemporal(environment)) {
    addMissing(environment, readRunningStack(workingDirectory)?.environment ?? {});
    if (isSet()) source = 'local stack of this folder';
  }
  if (namespace !== undefined) environment['TEMPORAL_NAMESPACE'] = namespace;
  return source;
}

/** The variables of the env file; undefined if none is named and `.env` does not exist. */
function readEnvironmentFile(workingDirectory: string, path: string | undefined): NodeJS.Dict<string> | undefined {
  try {
    return parseEnv(readFileSync(resolve(workingDirectory, path ?? '.env'), 'utf8'));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    if (path === undefined && code === 'ENOENT') return undefined;
    const message = `The env file ${path ?? '.env'} cannot be read (${code}): check --env-file.`;
    throw new CommandFailure('environmentFileUnreadable', message);
  }
}

/** Whether a variable says which server, namespace or account to use. The task queue does not. */
function namesTemporal(environment: Environment): boolean {
  return Object.entries(environment).some(
    ([name, value]) => name.startsWith('TEMPORAL_') && name !== 'TEMPORAL_TASK_QUEUE' && Boolean(value),
  );
}

/** The local stack of a folder while its process is alive. The file outlives a process that was killed. */
function readRunningStack(folder: string): LocalStack | undefined {
  try {
    const stack = JSON.parse(readFileSync(join(folder, STACK_FILE), 'utf8')) as LocalStack;
    return isAlive(stack.pid) ? stack : undefined;
  } catch {
    return undefined; // none was started here, or its file is not complete yet
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0); // sends nothing
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // alive, but of another user
  }
}

function addMissing(environment: Environment, variables: Environment): void {
  for (const [name, value] of Object.entries(variables)) environment[name] ??= value;
}
