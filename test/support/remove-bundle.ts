import { rmSync } from 'node:fs';
import { dirname } from 'node:path';

/** Removes the folder that `set-up-bundle.ts` wrote to. */
export default function removeBundle(): void {
  const bundle = process.env['TEST_WORKFLOW_BUNDLE'];
  if (bundle !== undefined) rmSync(dirname(bundle), { recursive: true, force: true });
}
