import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { NativeConnection as NativeConnectionType } from '@temporalio/worker';
import { ConfigurationError, type Environment } from '../config';
import { lastingConnection } from './lasting-connection';

const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Where Temporal is, from TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS_* or a profile.
 * @throws ConfigurationError
 */
export function temporalTarget(environment: Environment = process.env): { address: string; namespace: string } {
  const { connectionOptions, namespace } = connectConfig(environment);
  return { address: connectionOptions.address ?? '127.0.0.1:7233', namespace: namespace ?? 'default' };
}

/** Temporal does not answer at its address. */
export class TemporalUnreachableError extends Error {
  override readonly name = 'TemporalUnreachableError';
  constructor(address: string) {
    super(`Temporal does not answer at ${address}. Start it (\`npm start\` runs one), or set TEMPORAL_ADDRESS.`);
  }
}

/** A client for short calls; close its connection when done. @throws TemporalUnreachableError, ConfigurationError */
export async function connectClient(environment: Environment = process.env): Promise<Client> {
  const { connectionOptions } = connectConfig(environment);
  const { address, namespace } = temporalTarget(environment);
  try {
    const connection = await Connection.connect({
      ...connectionOptions,
      address,
      connectTimeout: CONNECT_TIMEOUT_MS,
      plugins: [lastingConnection],
    });
    return new Client({ connection, namespace });
  } catch {
    throw new TemporalUnreachableError(address);
  }
}

/** A worker's own connection. The SDK's native half is loaded here only: it costs callers without a worker 370 ms. */
export async function connectWorker(): Promise<{ connection: NativeConnectionType; namespace: string }> {
  const { NativeConnection } = await import('@temporalio/worker');
  const { connectionOptions } = connectConfig(process.env);
  const { address, namespace } = temporalTarget();
  try {
    return { connection: await NativeConnection.connect({ ...connectionOptions, address }), namespace };
  } catch {
    throw new TemporalUnreachableError(address);
  }
}

function connectConfig(environment: Environment) {
  try {
    return loadClientConnectConfig({ overrideEnvVars: environment as Record<string, string> });
  } catch (error) {
    const [reason] = (error as Error).message.split('\n'); // what follows quotes the file, in which keys may stand
    throw new ConfigurationError([
      `TEMPORAL_PROFILE, TEMPORAL_CONFIG_FILE or TEMPORAL_TLS_* cannot be used: ${reason}`,
    ]);
  }
}
