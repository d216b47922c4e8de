import { resolveTemporalCli } from '../../tools/binaries/temporal-cli';
import { resolveTestServer } from '../../tools/binaries/test-server';
import setUpBundle from './set-up-bundle';

/** Runs once per run of jest, before the first project that needs a Temporal server. */
export default async function setUpServers(): Promise<void> {
  process.env['TEST_TEMPORAL_CLI'] = (await resolveTemporalCli()).path;
  process.env['TEST_TIME_SKIPPING_SERVER'] = (await resolveTestServer()).path;
  await setUpBundle();
}
