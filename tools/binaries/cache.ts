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
 * Makes sure that `folder` exists, complete: `fill` fills a folder beside it, which is then renamed.
 * Of two processes that need it, one does the work and the other waits. Throws what `fill` throws.
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
    onCompromised: () => undefined, // the machine slept and another process took over: the rename decides
  });
  const unfinished = `${folder}.unfinished`;
  try {
    if (existsSync(folder)) return;
    await rm(unfinished, { recursive: true, force: true }); // of a process that was killed
    await mkdir(unfinished);
    await fill(unfinished);
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
    await release().catch(() => undefined);
  }
}
