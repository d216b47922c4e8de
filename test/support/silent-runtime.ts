import { DefaultLogger, Runtime } from '@temporalio/worker';

/** Tests provoke errors on purpose; what the SDK says of them is kept out of the report. */
export function silenceTemporal(): void {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' }, forward: {} } },
  });
}
