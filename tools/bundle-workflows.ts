import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { version as SDK_VERSION } from '@temporalio/worker/package.json';
import { reasonOf } from './binaries/resolve';
import { findProjectRoot } from './project-root';

/**
 * Bundles the compiled workflows in `lib` into `lib/workflow-bundle.js`, which workers load as it is.
 * Does nothing while the bundle fits the compiled sources and the SDK. Returns whether it bundled; throws with the bundler's log.
 */
export async function bundleWorkflows(lib = join(findProjectRoot(), 'lib')): Promise<boolean> {
  const entry = join(lib, 'src', 'workflows', 'index.js');
  if (!existsSync(entry)) throw new Error(`${entry} is missing: compile first, with \`npm run build\`.`);

  const bundle = join(lib, 'workflow-bundle.js');
  const fingerprintFile = `${bundle}.inputs`;
  const fingerprint = fingerprintOf(join(lib, 'src'));
  if (existsSync(bundle) && existsSync(fingerprintFile) && readFileSync(fingerprintFile, 'utf8') === fingerprint) {
    return false;
  }

  // Loading the SDK takes 0.4 s, which a run that has nothing to bundle need not pay.
  const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
  const log: string[] = [];
  const logger = new DefaultLogger('INFO', ({ level, message }) => log.push(`${level} ${message}`));
  try {
    const payloadConverterPath = join(lib, 'src', 'temporal', 'payload-converter.js');
    const { code } = await bundleWorkflowCode({ workflowsPath: entry, payloadConverterPath, logger });
    await replaceFile(bundle, code);
    await replaceFile(fingerprintFile, fingerprint);
    return true;
  } catch (error) {
    throw new Error([`The workflows could not be bundled: ${reasonOf(error)}`, ...log].join('\n'), { cause: error });
  }
}

/** Of every compiled source, not of the workflows' folder alone: what they import may stand anywhere in it. */
function fingerprintOf(compiled: string): string {
  const hash = createHash('sha256').update(`@temporalio/worker ${SDK_VERSION}\n`);
  const files = readdirSync(compiled, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
  for (const file of files.toSorted()) {
    hash.update(`${file}\n`).update(readFileSync(join(compiled, file)));
  }
  return hash.digest('hex');
}

/** A worker that starts meanwhile reads the old file or the new one, never half of it. */
async function replaceFile(path: string, content: string): Promise<void> {
  const unfinished = `${path}.${process.pid}`;
  await writeFile(unfinished, content);
  await rename(unfinished, path);
}

if (require.main === module) {
  bundleWorkflows().catch((error: unknown) => {
    console.error(reasonOf(error));
    process.exitCode = 1;
  });
}
