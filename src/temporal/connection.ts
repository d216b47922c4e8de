import { InterceptingCall, type Interceptor, Metadata, status } from '@grpc/grpc-js';
import {
  Client,
  Connection,
  type ConnectionPlugin,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
} from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { NativeConnection as NativeConnectionType } from '@temporalio/worker';
import { ConfigurationError, type Environment, withoutEmpty } from '../config';

const CONNECT_TIMEOUT_MS = 5_000;
const RECONNECT_WITHIN_MS = 5_000; // after the server is back; gRPC's own backoff grows to two minutes

/**
 * Where Temporal is, from TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS_* or a profile.
 * @throws ConfigurationError
 */
export function readTemporalTarget(environment: Environment = process.env): { address: string; namespace: string } {
  const { connectionOptions, namespace } = readConnectConfig(environment);
  return { address: connectionOptions.address, namespace };
}

export class TemporalUnreachableError extends Error {
  override readonly name = 'TemporalUnreachableError';
  constructor(address: string) {
    super(`Temporal does not answer at ${address}. Start it (\`npm start\` runs one), or set TEMPORAL_ADDRESS.`);
  }
}

/** A client for short calls; close its connection when done. @throws TemporalUnreachableError, ConfigurationError */
export async function connectClient(environment: Environment = process.env): Promise<Client> {
  const client = createLazyClient(environment);
  try {
    await client.connection.ensureConnected();
    return client;
  } catch {
    await client.connection.close();
    throw new TemporalUnreachableError(readTemporalTarget(environment).address);
  }
}

/** A client that connects with its first call, and again after the connection is lost. @throws ConfigurationError */
export function createLazyClient(environment: Environment = process.env): Client {
  const { connectionOptions, namespace } = readConnectConfig(environment);
  try {
    const connection = Connection.lazy({
      ...connectionOptions,
      connectTimeout: CONNECT_TIMEOUT_MS,
      channelArgs: { 'grpc.max_reconnect_backoff_ms': RECONNECT_WITHIN_MS },
      plugins: [closeSafePlugin],
    });
    return new Client({ connection, namespace });
  } catch (error) {
    throw new ConfigurationError([
      `TEMPORAL_ADDRESS, TEMPORAL_API_KEY or TEMPORAL_TLS_* cannot be used: ${(error as Error).message}`,
    ]);
  }
}

/** A worker's own connection. The SDK's native module is loaded only here, because loading it takes 370 ms. */
export async function connectWorker(): Promise<{ connection: NativeConnectionType; namespace: string }> {
  const { NativeConnection } = await import('@temporalio/worker');
  const { connectionOptions, namespace } = readConnectConfig(process.env);
  try {
    return { connection: await NativeConnection.connect(connectionOptions), namespace };
  } catch {
    throw new TemporalUnreachableError(connectionOptions.address);
  }
}

function readConnectConfig(environment: Environment) {
  try {
    const config = loadClientConnectConfig({ overrideEnvVars: withoutEmpty(environment) as Record<string, string> });
    const { connectionOptions, namespace = 'default' } = config;
    return {
      connectionOptions: { ...connectionOptions, address: connectionOptions.address ?? '127.0.0.1:7233' },
      namespace,
    };
  } catch (error) {
    const [reason] = (error as Error).message.split('\n'); // the other lines quote the file, which may hold keys
    throw new ConfigurationError([
      `TEMPORAL_PROFILE, TEMPORAL_CONFIG_FILE or TEMPORAL_TLS_* cannot be used: ${reason}`,
    ]);
  }
}

/**
 * Lets a connection be closed while calls are being retried. The SDK pauses before it retries a failed call, and a
 * retry on a closed channel throws from a timer, where nothing can catch it, so the process exits. With this plugin the
 * call fails instead.
 */
export const closeSafePlugin: ConnectionPlugin = {
  name: 'close-safe-plugin',
  configureConnection: (options) => ({
    ...options,
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions()), failWhenClosed],
  }),
};

const failWhenClosed: Interceptor = (options, nextCall) => {
  try {
    return new InterceptingCall(nextCall(options));
  } catch (error) {
    return cancelledCall((error as Error).message);
  }
};

const noop = () => undefined;

/** A call that fails with CANCELLED, a code that the SDK does not retry. */
function cancelledCall(details: string): InterceptingCall {
  return new InterceptingCall({
    start: (_metadata, listener) => {
      listener?.onReceiveMessage?.(null); // as grpc-js does before the status of a call without an answer
      listener?.onReceiveStatus?.({ code: status.CANCELLED, details, metadata: new Metadata() });
    },
    cancelWithStatus: noop,
    getPeer: () => '',
    sendMessageWithContext: noop,
    sendMessage: noop,
    startRead: noop,
    halfClose: noop,
    getAuthContext: () => null,
  });
}
