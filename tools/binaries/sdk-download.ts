import { readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { version as SDK_VERSION } from '@temporalio/testing/package.json';
import { getProductFolder } from '../../src/process/version';
import { getMessage, runCommand } from './command';

const FIRST_BYTE_MS = 20_000; // without a network, DNS keeps retrying for minutes
const WHOLE_DOWNLOAD_MS = 120_000;

/** The SDK's only public way to download a binary is to start an ephemeral server, which is shut down immediately. */
const DOWNLOAD = {
  temporal: 'createLocal',
  'temporal-test-server': 'createTimeSkipping',
} as const;

export type SdkBinary = keyof typeof DOWNLOAD;

let unreachable: string | undefined; // both binaries come from the same host, so a second attempt is pointless

/** The path to which this version of the SDK downloads `binary`; the file may not exist yet. */
export function getSdkDownloadPath(cache: string, binary: SdkBinary): string {
  return join(cache, `sdk-${SDK_VERSION}`, `${binary}-sdk-typescript-${SDK_VERSION}`);
}

/** Lets the SDK download the build of `binary` that it is pinned to. Throws within 20 s if its host cannot be reached. */
export async function downloadWithSdk(cache: string, binary: SdkBinary, environment: NodeJS.ProcessEnv): Promise<void> {
  if (environment['TEMPORAL_SDK_DOWNLOAD'] === 'off') throw new Error('switched off by TEMPORAL_SDK_DOWNLOAD');
  if (unreachable) throw new Error(unreachable);
  const folder = dirname(getSdkDownloadPath(cache, binary));
  await mkdir(folder, { recursive: true });

  const noAnswer = new AbortController();
  const firstByte = setTimeout(() => {
    if (readdirSync(folder).some((name) => name.startsWith(`${binary}-sdk`))) return;
    noAnswer.abort(new Error(`nothing arrived within ${FIRST_BYTE_MS / 1000} s`));
  }, FIRST_BYTE_MS);
  try {
    // A separate process, because JavaScript cannot cancel the SDK's native download.
    await runCommand(process.execPath, ['-e', downloadScript(binary, folder)], {
      cwd: getProductFolder(),
      environment,
      timeoutMs: WHOLE_DOWNLOAD_MS,
      signal: noAnswer.signal,
    });
  } catch (error) {
    unreachable = getMessage(error);
    throw error;
  } finally {
    clearTimeout(firstByte);
  }
}

function downloadScript(binary: SdkBinary, folder: string): string {
  const server = JSON.stringify({ executable: { type: 'cached-download', downloadDir: folder } });
  return `require('@temporalio/testing').TestWorkflowEnvironment.${DOWNLOAD[binary]}({ server: ${server} })
    .then((started) => started.teardown())
    .then(() => process.exit(0), (error) => { console.error(error.message); process.exit(1); });`;
}
