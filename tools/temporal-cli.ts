import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, fillOnce } from './binaries/cache';
import { runCommand } from './binaries/command';
import { executableFromEnvironment, findOnPath } from './binaries/executables';
import { withProgress } from './binaries/progress';
import { firstOf, reasonOf, type BinarySource, type ResolvedBinary, type ResolveOptions } from './binaries/resolve';
import { downloadBySdk, sdkDownloadPath } from './binaries/sdk-download';
import { findProjectRoot } from './project-root';

const CLI_PACKAGE = 'github.com/temporalio/cli';
const BUILT_VERSION = '1.9.1'; // the version that temporal-modules/go.mod requires
const LINKER_FLAGS = `-s -w -X ${CLI_PACKAGE}/internal/temporalcli.Version=${BUILT_VERSION}`; // unset, it reports 0.0.0-DEV
const VERSION_TIMEOUT_MS = 20_000; // a cold 150 MB executable on a busy disk

const MEND = [
  'Do one of these:',
  '  - install the Temporal CLI 1.9.1 or later, so that `temporal` is on PATH;',
  '  - set TEMPORAL_CLI_PATH to a Temporal CLI;',
  '  - install Go 1.26.8 or later, so that it can be built from its pinned modules.',
].join('\n');

/**
 * The Temporal CLI (dev server, Web UI and commands in one): TEMPORAL_CLI_PATH, PATH, this user's cache, the SDK's
 * download, or a build from pinned modules, in that order. Throws an error that names what to install.
 */
export async function resolveTemporalCli(options: ResolveOptions = {}): Promise<ResolvedBinary> {
  const environment = options.environment ?? process.env;
  const progress = options.progress ?? process.stderr;
  const cache = cacheFolder(environment);
  const built = join(cache, `temporal-cli-${BUILT_VERSION}`);
  const downloaded = sdkDownloadPath(cache, 'temporal');

  const sources: BinarySource[] = [
    {
      name: 'TEMPORAL_CLI_PATH',
      find: async () => {
        const path = executableFromEnvironment('TEMPORAL_CLI_PATH', environment);
        return path ? { path, origin: 'TEMPORAL_CLI_PATH', version: await versionOf(path) } : 'not set';
      },
    },
    { name: 'PATH', find: () => fromPath(environment) },
    { name: 'cached build', find: () => fromCache(join(built, 'temporal'), built) },
    { name: 'cached SDK download', find: () => fromCache(downloaded, downloaded) },
    {
      name: 'SDK download',
      find: async () => {
        try {
          await withProgress(progress, 'Downloading the Temporal CLI', () =>
            downloadBySdk(cache, 'temporal', environment),
          );
          return { path: downloaded, origin: 'downloaded by the SDK', version: await versionOf(downloaded) };
        } catch (error) {
          return reasonOf(error);
        }
      },
    },
    {
      name: 'build with Go',
      find: async () => {
        if (!findOnPath('go', environment)) return 'no `go` on PATH';
        try {
          await withProgress(progress, 'Building the Temporal CLI (about 4 minutes the first time)', () =>
            fillOnce(built, (folder) => build(folder, environment)),
          );
          const path = join(built, 'temporal');
          return { path, origin: 'built from pinned modules', version: await versionOf(path) };
        } catch (error) {
          return reasonOf(error);
        }
      },
    },
  ];
  return await firstOf('Temporal CLI', sources, MEND);
}

async function build(folder: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const output = join(folder, 'temporal');
  const args = ['build', '-trimpath', `-ldflags=${LINKER_FLAGS}`, '-o', output, `${CLI_PACKAGE}/cmd/temporal`];
  await runCommand('go', args, { cwd: join(findProjectRoot(), 'tools', 'temporal-modules'), environment });
}

async function fromPath(environment: NodeJS.ProcessEnv): Promise<ResolvedBinary | string> {
  const path = findOnPath('temporal', environment);
  if (!path) return 'no `temporal` on PATH';
  try {
    const version = await versionOf(path);
    return isFitting(version)
      ? { path, origin: 'PATH', version }
      : `${path} is ${version}, needed is 1.9.1 or later 1.x`;
  } catch (error) {
    return reasonOf(error);
  }
}

/** What the cache holds, unless it no longer runs: then it is removed, so that the next source can put a sound one there. */
async function fromCache(path: string, removeWhenBroken: string): Promise<ResolvedBinary | string> {
  if (!existsSync(path)) return `nothing at ${path}`;
  try {
    return { path, origin: 'cache', version: await versionOf(path) };
  } catch (error) {
    await rm(removeWhenBroken, { recursive: true, force: true });
    return `${path} did not run and was removed: ${reasonOf(error)}`;
  }
}

async function versionOf(path: string): Promise<string> {
  const printed = await runCommand(path, ['--version'], { timeoutMs: VERSION_TIMEOUT_MS });
  const version = /^temporal version (\S+)/m.exec(printed)?.[1];
  if (version) return version;
  throw new Error(`${path} --version printed "${printed.trim().slice(0, 200)}": this is not the Temporal CLI.`);
}

function isFitting(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/, 3).map(Number);
  return major === 1 && (minor > 9 || (minor === 9 && patch >= 1));
}
