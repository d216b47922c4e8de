import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getProductFolder } from '../../src/process/version';
import { fillOnce, getCacheFolder } from './cache';
import { runCommand, withProgress } from './command';
import {
  findOnPath,
  isExecutable,
  readExecutable,
  resolveBinary,
  type ResolvedBinary,
  type ResolveOptions,
} from './resolve';
import { downloadWithSdk, getSdkDownloadPath } from './sdk-download';

const BUILT_VERSION = '1.38.0'; // the version that temporal-modules/pom.xml names
const UNKNOWN_VERSION = 'unknown version'; // the test server has no --version
const LAUNCHER = 'temporal-test-server';

/**
 * The SDK runs this launcher as its `existing-path`. `exec` lets the signal that ends the server reach Java. The SDK waits
 * at most 5 s for the port; the two JVM options save a third of the CPU time of the start.
 */
const LAUNCHER_SCRIPT = `#!/bin/sh
exec "\${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$(dirname "$0")/lib/*" io.temporal.testserver.TestServer "$@"
`;

const ADVICE = [
  'Do one of these:',
  '  - install Java 17 or later and Maven, so that it can be assembled from its pinned artifacts;',
  '  - set TEMPORAL_TEST_SERVER_PATH to a temporal-test-server executable.',
].join('\n');

/**
 * The time-skipping test server, as an executable for the SDK's `existing-path`: TEMPORAL_TEST_SERVER_PATH, PATH, this
 * user's cache, the SDK's download, or pinned Maven artifacts, in that order. Throws an error that says what to install.
 */
export async function resolveTestServer(options: ResolveOptions = {}): Promise<ResolvedBinary> {
  const environment = options.environment ?? process.env;
  const progress = options.progress ?? process.stderr;
  const cache = getCacheFolder(environment);
  // -2: the version of the launcher script
  const assembled = join(cache, `temporal-test-server-${BUILT_VERSION}-2`);
  const launcher = join(assembled, LAUNCHER);
  const downloaded = getSdkDownloadPath(cache, 'temporal-test-server');

  const given = readExecutable('TEMPORAL_TEST_SERVER_PATH', environment);
  if (given) return { path: given, origin: 'TEMPORAL_TEST_SERVER_PATH', version: UNKNOWN_VERSION };

  const sources = [
    {
      name: 'PATH',
      find: async () => {
        const path = findOnPath(LAUNCHER, environment);
        if (!path) throw new Error(`no \`${LAUNCHER}\` on PATH`);
        return { path, origin: 'PATH', version: UNKNOWN_VERSION };
      },
    },
    {
      name: 'cached Maven artifacts',
      find: async () => {
        if (!existsSync(launcher)) throw new Error(`nothing at ${launcher}`);
        if (!findJava(environment)) throw new Error('no Java to run it');
        return { path: launcher, origin: 'cache', version: BUILT_VERSION };
      },
    },
    {
      name: 'cached SDK download',
      find: async () => {
        if (!isExecutable(downloaded)) throw new Error(`nothing at ${downloaded}`);
        return { path: downloaded, origin: 'cache', version: UNKNOWN_VERSION };
      },
    },
    {
      name: 'SDK download',
      find: async () => {
        await withProgress(progress, 'Downloading the Temporal test server', () =>
          downloadWithSdk(cache, 'temporal-test-server', environment),
        );
        return { path: downloaded, origin: 'downloaded by the SDK', version: UNKNOWN_VERSION };
      },
    },
    {
      name: 'Maven artifacts',
      find: async () => {
        if (!findOnPath('mvn', environment)) throw new Error('no `mvn` on PATH');
        if (!findJava(environment)) throw new Error('no Java in JAVA_HOME or on PATH');
        await withProgress(progress, 'Assembling the Temporal test server, once for this user', () =>
          fillOnce(assembled, (folder) => assemble(folder, environment)),
        );
        return { path: launcher, origin: 'assembled from pinned Maven artifacts', version: BUILT_VERSION };
      },
    },
  ];
  return await resolveBinary('Temporal test server', sources, ADVICE);
}

async function assemble(folder: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const pom = join(getProductFolder(), 'tools', 'temporal-modules', 'pom.xml');
  const quietAndChecked = ['--quiet', '--batch-mode', '--strict-checksums'];
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${join(folder, 'lib')}`];
  await runCommand('mvn', [...quietAndChecked, '--file', pom, ...goal], { environment });
  await writeFile(join(folder, LAUNCHER), LAUNCHER_SCRIPT, { mode: 0o755 });
}

function findJava(environment: NodeJS.ProcessEnv): string | undefined {
  const javaHome = environment['JAVA_HOME'];
  if (!javaHome) return findOnPath('java', environment);
  const java = join(javaHome, 'bin', 'java');
  return isExecutable(java) ? java : undefined;
}
