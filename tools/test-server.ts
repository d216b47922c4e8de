import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, fillOnce } from './binaries/cache';
import { runCommand } from './binaries/command';
import { executableFromEnvironment, findOnPath, isExecutable } from './binaries/executables';
import { withProgress } from './binaries/progress';
import { firstOf, reasonOf, type BinarySource, type ResolvedBinary, type ResolveOptions } from './binaries/resolve';
import { downloadBySdk, sdkDownloadPath } from './binaries/sdk-download';
import { findProjectRoot } from './project-root';

const BUILT_VERSION = '1.38.0'; // the version that temporal-modules/pom.xml names
const UNKNOWN_VERSION = 'unknown version'; // the test server has no --version
const LAUNCHER = 'temporal-test-server';

/** The launcher is the SDK's `existing-path`; `exec`, so that the signal meant to end the server reaches Java. */
const LAUNCHER_SCRIPT = `#!/bin/sh
exec "\${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp "$(dirname "$0")/lib/*" io.temporal.testserver.TestServer "$@"
`;

const MEND = [
  'Do one of these:',
  '  - install Java 17 or later and Maven, so that it can be assembled from its pinned artifacts;',
  '  - set TEMPORAL_TEST_SERVER_PATH to a temporal-test-server executable.',
].join('\n');

/**
 * The time-skipping test server, as an executable for the SDK's `existing-path`: TEMPORAL_TEST_SERVER_PATH, PATH, this
 * user's cache, the SDK's download, or pinned Maven artifacts, in that order. Throws an error that names what to install.
 */
export async function resolveTestServer(options: ResolveOptions = {}): Promise<ResolvedBinary> {
  const environment = options.environment ?? process.env;
  const progress = options.progress ?? process.stderr;
  const cache = cacheFolder(environment);
  const assembled = join(cache, `temporal-test-server-${BUILT_VERSION}`);
  const launcher = join(assembled, LAUNCHER);
  const downloaded = sdkDownloadPath(cache, 'temporal-test-server');

  const sources: BinarySource[] = [
    {
      name: 'TEMPORAL_TEST_SERVER_PATH',
      find: async () => {
        const path = executableFromEnvironment('TEMPORAL_TEST_SERVER_PATH', environment);
        return path ? { path, origin: 'TEMPORAL_TEST_SERVER_PATH', version: UNKNOWN_VERSION } : 'not set';
      },
    },
    {
      name: 'PATH',
      find: async () => {
        const path = findOnPath(LAUNCHER, environment);
        return path ? { path, origin: 'PATH', version: UNKNOWN_VERSION } : `no \`${LAUNCHER}\` on PATH`;
      },
    },
    {
      name: 'cached Maven artifacts',
      find: async () => {
        if (!existsSync(launcher)) return `nothing at ${launcher}`;
        return findJava(environment)
          ? { path: launcher, origin: 'cache', version: BUILT_VERSION }
          : 'no Java to run it';
      },
    },
    {
      name: 'cached SDK download',
      find: async () => {
        if (!isExecutable(downloaded)) return `nothing at ${downloaded}`;
        return { path: downloaded, origin: 'cache', version: UNKNOWN_VERSION };
      },
    },
    {
      name: 'SDK download',
      find: async () => {
        try {
          await withProgress(progress, 'Downloading the Temporal test server', () =>
            downloadBySdk(cache, 'temporal-test-server', environment),
          );
          return { path: downloaded, origin: 'downloaded by the SDK', version: UNKNOWN_VERSION };
        } catch (error) {
          return reasonOf(error);
        }
      },
    },
    {
      name: 'Maven artifacts',
      find: async () => {
        if (!findOnPath('mvn', environment)) return 'no `mvn` on PATH';
        if (!findJava(environment)) return 'no Java in JAVA_HOME or on PATH';
        try {
          await withProgress(progress, 'Assembling the Temporal test server (about 10 seconds the first time)', () =>
            fillOnce(assembled, (folder) => assemble(folder, environment)),
          );
          return { path: launcher, origin: 'assembled from pinned Maven artifacts', version: BUILT_VERSION };
        } catch (error) {
          return reasonOf(error);
        }
      },
    },
  ];
  return await firstOf('Temporal test server', sources, MEND);
}

async function assemble(folder: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const pom = join(findProjectRoot(), 'tools', 'temporal-modules', 'pom.xml');
  const quietAndChecked = ['--quiet', '--batch-mode', '--strict-checksums'];
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${join(folder, 'lib')}`];
  await runCommand('mvn', [...quietAndChecked, '--file', pom, ...goal], { environment });
  await writeFile(join(folder, LAUNCHER), LAUNCHER_SCRIPT, { mode: 0o755 });
}

function findJava(environment: NodeJS.ProcessEnv): string | undefined {
  const ofJavaHome = environment['JAVA_HOME'] && join(environment['JAVA_HOME'], 'bin', 'java');
  return ofJavaHome ? [ofJavaHome].find(isExecutable) : findOnPath('java', environment);
}
