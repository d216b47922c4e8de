/** `npm run setup:namespace`: prepares a namespace for onboardings. Safe to run again. */
import { setTimeout as pause } from 'node:timers/promises';
import { connectClient, readTemporalTarget } from './temporal/connection';
import {
  ensureNamespace,
  registerSearchAttributes,
  RETENTION_DAYS,
  findSearchAttributeFaults,
} from './temporal/namespace';

const help = `Usage: npm run setup:namespace

Creates the namespace if it does not exist, registers the search attributes, and keeps closed runs for at least
${RETENTION_DAYS} days. TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE say where. On Temporal Cloud use its own console or
tcld instead: its operator service is not open to clients.
`;

const NAMESPACE_CACHE_MS = 30_000; // a new namespace or attribute is known to every part of a cluster by then

async function main(): Promise<void> {
  const client = await connectClient();
  const { connection } = client;
  const { namespace, address } = readTemporalTarget();
  try {
    const outcome = await ensureNamespace(connection, namespace);
    say(`namespace ${namespace} at ${address}: ${outcome}`);
    const added = await retryUntilKnown(() => registerSearchAttributes(connection, namespace));
    say(added.length === 0 ? 'search attributes: all registered' : `search attributes registered: ${added.join(', ')}`);
    await retryUntilKnown(async () => {
      const faults = (await findSearchAttributeFaults(connection, namespace)) ?? [];
      if (faults.length > 0) throw new Error(faults.join('; '));
    });
  } finally {
    await connection.close();
  }
}

/** Repeats `action` while it fails: not every part of the server finds a new namespace or attribute at once. */
async function retryUntilKnown<T>(action: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + NAMESPACE_CACHE_MS;
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await pause(250);
    }
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

if (process.argv.includes('--help')) {
  process.stdout.write(help);
} else {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
