import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { version as SDK_VERSION } from '@temporalio/worker/package.json';
import { getMessage } from './binaries/command';

const BUNDLE = 'workflow-bundle.js';
const INPUTS = `${BUNDLE}.inputs`;

/**
 * Bundles the compiled workflows in `lib` into `lib/workflow-bundle.js`, which workers load without bundling again. If the
 * `earlier` build has the same inputs (compiled sources and SDK), its bundle is copied instead. Returns whether it bundled;
 * errors contain the bundler's log.
 */
export async function bundleWorkflows(lib: string, earlier = lib): Promise<boolean> {
  const entry = join(lib, 'src', 'workflows', 'index.js');
  if (!existsSync(entry)) throw new Error(`${entry} is missing: compile first, with \`npm run build\`.`);

  const fingerprint = getFingerprint(join(lib, 'src'));
  if (existsSync(join(earlier, BUNDLE)) && readFingerprint(earlier) === fingerprint) {
    if (earlier !== lib) for (const file of [BUNDLE, INPUTS]) copyFileSync(join(earlier, file), join(lib, file));
    return false;
  }

  const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker'); // takes 0.4 s, so imported only when needed
  const log: string[] = [];
  const logger = new DefaultLogger('INFO', ({ level, message }) => log.push(`${level} ${message}`));
  try {
    const payloadConverterPath = join(lib, 'src', 'temporal', 'payload-converter.js');
    const { code } = await bundleWorkflowCode({ workflowsPath: entry, payloadConverterPath, logger });
    await writeFile(join(lib, BUNDLE), code);
    await writeFile(join(lib, INPUTS), fingerprint);
    return true;
  } catch (error) {
    throw new Error([`The workflows could not be bundled: ${getMessage(error)}`, ...log].join('\n'), { cause: error });
  }
}

/** Covers every compiled source, because workflows may import from any folder. */
function getFingerprint(compiled: string): string {
  const hash = createHash('sha256').update(`@temporalio/worker ${SDK_VERSION}\n`);
  const files = readdirSync(compiled, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
  for (const file of files.toSorted()) {
    hash.update(`${file}\n`).update(readFileSync(join(compiled, file)));
  }
  return hash.digest('hex');
}

function readFingerprint(lib: string): string | undefined {
  const path = join(lib, INPUTS);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

if (require.main === module) {
  const [lib, earlier] = process.argv.slice(2);
  if (lib === undefined) throw new Error('Usage: node bundle-workflows.js LIB [EARLIER_LIB]');
  bundleWorkflows(lib, earlier).catch((error: unknown) => {
    console.error(getMessage(error));
    process.exitCode = 1;
  });
}
