import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { resolveTemporalCli } from '../../tools/temporal-cli';
import { resolveTestServer } from '../../tools/test-server';

/** Once per run of jest: both Temporal servers, and the workflow code bundled once for all workers. */
export default async function globalSetup(): Promise<void> {
  process.env['TEST_TEMPORAL_CLI'] = (await resolveTemporalCli()).path;
  process.env['TEST_TIME_SKIPPING_SERVER'] = (await resolveTestServer()).path;
  process.env['TEST_WORKFLOW_BUNDLE'] = await bundleWorkflows('test-workflow-bundle.js', '../../src/workflows');
}

async function bundleWorkflows(fileName: string, workflows: string): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: require.resolve(workflows),
    payloadConverterPath: require.resolve('../../src/temporal/payload-converter'),
    logger: new DefaultLogger('WARN'),
  });
  const folder = join(tmpdir(), `agreement-onboarding-test-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, fileName);
  writeFileSync(path, code);
  return path;
}
