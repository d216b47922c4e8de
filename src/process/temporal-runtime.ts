import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { Level } from 'pino';
import type { Logger } from './logging';

/**
 * Installs the Temporal runtime of this process: the SDK logs through `log`, and serves its Prometheus metrics on
 * `metricsAddress`, if given.
 */
export function installTemporalRuntime(log: Logger, metricsAddress?: string): void {
  const logger = new DefaultLogger('TRACE', ({ level, message, meta = {} }) =>
    log[level.toLowerCase() as Level](meta, message),
  );
  try {
    Runtime.install({
      logger,
      telemetryOptions: {
        logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} },
        metrics: metricsAddress === undefined ? undefined : { prometheus: { bindAddress: metricsAddress } },
      },
    });
  } catch (error) {
    if (metricsAddress === undefined) throw error;
    throw new Error(`METRICS_ADDRESS ${metricsAddress} cannot be listened on (${(error as Error).message}).`, {
      cause: error,
    });
  }
}
