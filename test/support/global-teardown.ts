import { rmSync } from 'node:fs';
import { dirname } from 'node:path';

/** Takes away the folder that the bundle was written to. */
export default function globalTeardown(): void {
  const bundle = process.env['TEST_WORKFLOW_BUNDLE'];
  if (bundle !== undefined) rmSync(dirname(bundle), { recursive: true, force: true });
}
