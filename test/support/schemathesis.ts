/** Schemathesis, which tests an API against its own description: a pinned set of Python packages in this user's cache. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fillOnce, getCacheFolder } from '../../tools/binaries/cache';
import { getMessage, runCommand } from '../../tools/binaries/command';
import { findOnPath } from '../../tools/binaries/resolve';

const REQUIREMENTS = join(__dirname, 'schemathesis-requirements.txt');
const INSTALL_WITHIN_MS = 180_000; // about 20 s with a near index
const START_WITHIN_MS = 30_000;

const REMEDIATION =
  'The test of the API by its description needs Python 3.10 or later with venv, and a package index that pip reaches: ' +
  'install them (Debian: apt-get install python3 python3-venv).';

/** The command that runs Schemathesis, installed if need be. @throws with what to install */
export async function schemathesis(environment: NodeJS.ProcessEnv = process.env): Promise<string[]> {
  const pins = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  const folder = join(getCacheFolder(environment), `schemathesis-${pins}`);
  // Not its own script: that holds the path of the folder in which it was installed, before the folder was renamed.
  const command = [join(folder, 'bin', 'python'), '-m', 'schemathesis.cli'];
  const [python = '', ...args] = command;
  try {
    if (existsSync(folder) && !(await runs(python, args))) await rm(folder, { recursive: true, force: true });
    await fillOnce(folder, (unfinished) => install(unfinished, environment));
    return command;
  } catch (error) {
    throw new Error(`${REMEDIATION}\n${getMessage(error)}`, { cause: error });
  }
}

/** Whether it starts. A Python environment no longer works once the Python that created it is removed. */
function runs(python: string, args: readonly string[]): Promise<boolean> {
  return runCommand(python, [...args, '--version'], { timeoutMs: START_WITHIN_MS }).then(
    () => true,
    () => false,
  );
}

async function install(folder: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const python = findOnPath('python3', environment);
  if (python === undefined) throw new Error('There is no `python3` on PATH.');
  await runCommand(python, ['-m', 'venv', folder], { environment, timeoutMs: INSTALL_WITHIN_MS });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', REQUIREMENTS];
  await runCommand(join(folder, 'bin', 'python'), pip, { environment, timeoutMs: INSTALL_WITHIN_MS });
}
