import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { getProductFolder } from '../../src/process/version';
import { fillOnce, getCacheFolder } from './cache';
import { getMessage, runCommand, withProgress } from './command';
import { findOnPath, readExecutable, resolveBinary, type ResolvedBinary, type ResolveOptions } from './resolve';
import { downloadWithSdk, getSdkDownloadPath } from './sdk-download';

const CLI_PACKAGE = 'github.com/temporalio/cli';
const BUILT_VERSION = '1.9.1'; // the version that temporal-modules/go.mod requires
const VERSION_TIMEOUT_MS = 20_000; // loading a 150 MB executable from a busy disk is slow
const MIN_COMPILER_BYTES = 2 ** 30;

const BUILD_FLAGS = [
  '-trimpath',
  `-ldflags=-s -w -X ${CLI_PACKAGE}/internal/temporalcli.Version=${BUILT_VERSION}`, // without this it reports 0.0.0-DEV
];

const ADVICE = [
  'Do one of these:',
  '  - install the Temporal CLI 1.9.1 or later, so that `temporal` is on PATH;',
  '  - set TEMPORAL_CLI_PATH to a Temporal CLI;',
  '  - install Go 1.26.8 or later, so that it can be built from its pinned modules.',
].join('\n');

/**
 * The Temporal CLI (dev server, Web UI and commands in one): TEMPORAL_CLI_PATH, PATH, this user's cache, the SDK's
 * download, or a build from pinned modules, in that order. Throws an error that says what to install.
 */
export async function resolveTemporalCli(options: ResolveOptions = {}): Promise<ResolvedBinary> {
  const environment = options.environment ?? process.env;
  const progress = options.progress ?? process.stderr;
  const cache = getCacheFolder(environment);
  const buildFolder = join(cache, `temporal-cli-${BUILT_VERSION}`);
  const built = join(buildFolder, 'temporal');
  const downloaded = getSdkDownloadPath(cache, 'temporal');

  const given = readExecutable('TEMPORAL_CLI_PATH', environment);
  if (given) return { path: given, origin: 'TEMPORAL_CLI_PATH', version: await readVersion(given) };

  const sources = [
    { name: 'PATH', find: () => findSuitableOnPath(environment) },
    { name: 'cached build', find: () => findInCache(built, buildFolder) },
    { name: 'cached SDK download', find: () => findInCache(downloaded, downloaded) },
    {
      name: 'SDK download',
      find: async () => {
        await withProgress(progress, 'Downloading the Temporal CLI', () =>
          downloadWithSdk(cache, 'temporal', environment),
        );
        return { path: downloaded, origin: 'downloaded by the SDK', version: await readVersion(downloaded) };
      },
    },
    {
      name: 'build with Go',
      find: async () => {
        if (!findOnPath('go', environment)) throw new Error('no `go` on PATH');
        await withProgress(progress, 'Building the Temporal CLI, once for this user', (report) =>
          fillOnce(buildFolder, (folder) => buildWithGo(join(folder, 'temporal'), environment, report)),
        );
        return { path: built, origin: 'built from pinned modules', version: await readVersion(built) };
      },
    },
  ];
  return await resolveBinary('Temporal CLI', sources, ADVICE);
}

/** Takes minutes if Go's cache is empty; `report` receives the progress, such as "12 of 340 packages compiled". */
async function buildWithGo(
  output: string,
  environment: NodeJS.ProcessEnv,
  report: (detail: string) => void,
): Promise<void> {
  const cwd = join(getProductFolder(), 'tools', 'temporal-modules');
  const main = `${CLI_PACKAGE}/cmd/temporal`;

  const compilerEnvironment = withFreeMemory(environment);
  let downloaded = 0;
  const staleOnly = ['-f', '{{if .Stale}}{{.ImportPath}}{{end}}'];
  const listed = await runCommand('go', ['list', '-deps', ...BUILD_FLAGS, ...staleOnly, main], {
    cwd,
    environment,
    onLine: (line) => isDownload(line) && report(`${++downloaded} modules downloaded`),
  });
  const total = listed.split('\n').filter((line) => line && !isDownload(line)).length;

  let compiled = 0;
  report(`0 of ${total} packages compiled`);
  await runCommand('go', ['build', '-v', ...BUILD_FLAGS, '-o', output, main], {
    cwd,
    environment: compilerEnvironment,
    // -v prints a package when its compilation begins
    onLine: (line) => isDownload(line) || report(`${Math.min(++compiled, total)} of ${total} packages compiled`),
  });
}

/**
 * Lets the compilers use free memory instead of collecting garbage, which saves about a fifth of their CPU time. Go runs
 * one compiler per core; together they stay below half of the free memory. With too little memory Go's defaults apply.
 */
function withFreeMemory(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const bytes = process.availableMemory() / 2 / (availableParallelism() + 1); // one share for Go itself
  if (bytes < MIN_COMPILER_BYTES || environment['GOGC'] || environment['GOMEMLIMIT']) return environment;
  return { ...environment, GOGC: '400', GOMEMLIMIT: `${Math.floor(bytes / 2 ** 20)}MiB` };
}

function isDownload(line: string): boolean {
  return line.startsWith('go: ');
}

async function findSuitableOnPath(environment: NodeJS.ProcessEnv): Promise<ResolvedBinary> {
  const path = findOnPath('temporal', environment);
  if (!path) throw new Error('no `temporal` on PATH');
  const version = await readVersion(path);
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/, 3).map(Number);
  const isSuitable = major === 1 && (minor > 9 || (minor === 9 && patch >= 1));
  if (!isSuitable) throw new Error(`${path} is ${version}, but 1.9.1 or a later 1.x is needed`);
  return { path, origin: 'PATH', version };
}

/** Removes a cached file that no longer runs, so that a later source can replace it. */
async function findInCache(path: string, removeWhenBroken: string): Promise<ResolvedBinary> {
  if (!existsSync(path)) throw new Error(`nothing at ${path}`);
  try {
    return { path, origin: 'cache', version: await readVersion(path) };
  } catch (error) {
    await rm(removeWhenBroken, { recursive: true, force: true });
    throw new Error(`${path} did not run and was removed: ${getMessage(error)}`, { cause: error });
  }
}

async function readVersion(path: string): Promise<string> {
  const printed = await runCommand(path, ['--version'], { timeoutMs: VERSION_TIMEOUT_MS });
  const version = /^temporal version (\S+)/m.exec(printed)?.[1];
  if (version) return version;
  throw new Error(`${path} --version printed "${printed.trim().slice(0, 200)}": this is not the Temporal CLI.`);
}
