import { mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const LOCK_REFRESH_MS = 5_000;
const LOCK_STALE_MS = 30_000; // six missed refreshes: its holder was killed or the machine slept
const LOCK_POLL_MS = 500;

/** This user's cache folder for the product, by the XDG convention. */
export function cacheFolder(environment: NodeJS.ProcessEnv): string {
  const home = environment['HOME'] || homedir();
  return join(environment['XDG_CACHE_HOME'] || join(home, '.cache'), 'agreement-onboarding');
}

/**
 * Makes sure `folder` exists, filled by `fill` in a folder beside it that is then renamed: it is there whole or not at all.
 * Two processes that want it do the work once; the second waits. Throws what `fill` throws.
 */
export async function fillOnce(folder: string, fill: (unfinished: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) return;
  await mkdir(dirname(folder), { recursive: true });
  const release = await lock(folder);
  try {
    if (existsSync(folder)) return;
    await removeAbandoned(folder);
    const unfinished = `${folder}.unfinished-${process.pid}`;
    await mkdir(unfinished);
    try {
      await fill(unfinished);
      await renameUnlessThere(unfinished, folder);
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  } finally {
    await release();
  }
}

/** Takes `<folder>.lock`, waiting while a living process holds it; returns the release. */
async function lock(folder: string): Promise<() => Promise<void>> {
  const path = `${folder}.lock`;
  const content = `${hostname()} ${process.pid}`;
  for (;;) {
    try {
      await writeFile(path, content, { flag: 'wx' });
      break;
    } catch (error) {
      if (!isErrno(error, 'EEXIST')) throw error;
    }
    if (await isStale(path)) await rm(path, { force: true });
    else await delay(LOCK_POLL_MS);
  }
  const refresh = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), LOCK_REFRESH_MS);
  refresh.unref();
  return async () => {
    clearInterval(refresh);
    // A lock taken over as stale belongs to somebody else now; renameUnlessThere settles who built first.
    if ((await readFile(path, 'utf8').catch(() => '')) === content) await rm(path, { force: true });
  };
}

async function isStale(path: string): Promise<boolean> {
  try {
    const [holder, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    if (Date.now() - mtimeMs > LOCK_STALE_MS) return true;
    const [host, pid] = holder.split(' ');
    return host === hostname() && pid !== undefined && !isAlive(Number(pid));
  } catch {
    return false; // released in between: the next attempt to take it decides
  }
}

async function removeAbandoned(folder: string): Promise<void> {
  const prefix = `${basename(folder)}.unfinished-`;
  for (const name of await readdir(dirname(folder))) {
    if (name.startsWith(prefix) && !isAlive(Number(name.slice(prefix.length)))) {
      await rm(join(dirname(folder), name), { recursive: true, force: true });
    }
  }
}

async function renameUnlessThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!isErrno(error, 'ENOTEMPTY') && !isErrno(error, 'EEXIST')) throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return isErrno(error, 'EPERM'); // somebody else's, but alive
  }
}

function isErrno(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === code;
}
