import { DefaultLogger, Runtime } from '@temporalio/worker';

let isSilent = false;

/** Tests provoke errors on purpose; what the SDK logs about them is kept out of the report. */
export function silenceTemporal(): void {
  if (isSilent) return; // the SDK's runtime is installed once in a process
  isSilent = true;
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' }, forward: {} } },
  });
}
