import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** Runs once per run of jest, before the first project that needs workers. */
export default async function setUpBundle(): Promise<void> {
  if (process.env['TEST_WORKFLOW_BUNDLE'] !== undefined) return; // another project's set-up has made it
  const { code } = await bundleWorkflowCode({
    workflowsPath: require.resolve('../../src/workflows'),
    payloadConverterPath: require.resolve('../../src/temporal/payload-converter'),
    logger: new DefaultLogger('WARN'),
  });
  const path = join(mkdtempSync(join(tmpdir(), 'agreement-onboarding-test-')), 'workflow-bundle.js');
  writeFileSync(path, code);
  process.env['TEST_WORKFLOW_BUNDLE'] = path;
}
