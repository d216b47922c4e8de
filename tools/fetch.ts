import { getMessage } from './binaries/command';
import { resolveTemporalCli } from './binaries/temporal-cli';
import { resolveTestServer } from './binaries/test-server';

const HELP = `Usage: node lib/tools/fetch.js

Finds, downloads or builds the programs that the tests and the local stack need, and prints the origin of each:
  Temporal CLI          TEMPORAL_CLI_PATH, PATH, cache, the SDK's download, or built with Go >= 1.26.8
  Temporal test server  TEMPORAL_TEST_SERVER_PATH, PATH, cache, the SDK's download, or Maven artifacts with Java >= 17

The cache is $XDG_CACHE_HOME/agreement-onboarding (default ~/.cache/agreement-onboarding).
TEMPORAL_SDK_DOWNLOAD=off skips the SDK's download.`;

async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--help') || args.includes('-h')) {
    console.log(HELP);
    return;
  }
  if (args.length > 0) throw new Error(`Unknown argument "${args[0]}": the only option is --help.`);
  const cli = await resolveTemporalCli();
  console.log(`Temporal CLI ${cli.version}: ${cli.path} (${cli.origin})`);
  const testServer = await resolveTestServer();
  console.log(`Temporal test server ${testServer.version}: ${testServer.path} (${testServer.origin})`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(getMessage(error));
  process.exitCode = 1;
});
