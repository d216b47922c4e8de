import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { lock } from 'proper-lockfile';

const LOCK_STALE_MS = 10_000; // after a kill -9 the next process waits this long
const LOCK_REFRESH_MS = 3_000;
const LOCK_POLL_MS = 500;

/** This user's cache folder for the product, by the XDG convention. */
export function getCacheFolder(environment: NodeJS.ProcessEnv): string {
  const home = environment['HOME'] || homedir();
  return join(environment['XDG_CACHE_HOME'] || join(home, '.cache'), 'agreement-onboarding');
}

/**
 * Creates `folder` atomically if it does not exist: `fill` writes to a temporary folder, which is then renamed.
 * A lock lets only one process do the work while others wait for it. Throws what `fill` throws.
 */
export async function fillOnce(folder: string, fill: (unfinished: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) return;
  await mkdir(dirname(folder), { recursive: true });
  const release = await lock(folder, {
    lockfilePath: `${folder}.building`,
    realpath: false, // the folder does not exist yet
    stale: LOCK_STALE_MS,
    update: LOCK_REFRESH_MS,
    retries: { forever: true, factor: 1, minTimeout: LOCK_POLL_MS, maxTimeout: LOCK_POLL_MS },
    onCompromised: () => undefined, // the machine slept and another process took the lock: the first rename wins
  });
  const unfinished = `${folder}.unfinished`;
  try {
    if (existsSync(folder)) return;
    await rm(unfinished, { recursive: true, force: true }); // left by a process that was killed
    await mkdir(unfinished);
    await fill(unfinished);
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
    await release().catch(() => undefined);
  }
}
