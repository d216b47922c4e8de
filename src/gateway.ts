/** The gateway process: the HTTP side for CRMs, operators and signatories. Reads configuration, wires, listens, drains. */
import type { FastifyInstance } from 'fastify';
import { acceptanceLinks } from './onboarding/acceptance-link';
import { type GatewayConfig, type HostPort, logLevels, readGatewayConfig } from './config';
import { OnboardingClient } from './client/onboarding-client';
import { buildApp, buildMetricsApp } from './gateway/app';
import { RequestMetrics } from './gateway/metrics';
import { refuseDeniedAccess } from './gateway/readiness';
import { type LogEntry, logLine } from './process/logging';
import { lazyClient, temporalTarget } from './temporal/connection';

async function main(): Promise<void> {
  const config = readGatewayConfig(process.env);
  const { host, port, taskQueue, metricsAddress } = config;
  const log = logFrom(config.logLevel);
  // Temporal may be away: then the gateway is not ready, and says so, until it is back.
  const onboardings = new OnboardingClient(lazyClient(), taskQueue);
  const privateMetrics = metricsAddress && new RequestMetrics();
  const app = buildApp({
    onboardings,
    links: acceptanceLinks(config.acceptanceLinks.keys, config.acceptanceLinks.publicUrl),
    apiKeys: config.apiKeys,
    acceptanceUrl: config.acceptanceUrl,
    frameAncestors: config.frameAncestors,
    callbacks: config.crm,
    allowPrimaryContactMethod: config.allowPrimaryContactMethod,
    trustedProxies: config.trustedProxies,
    limits: { perKey: config.requestsPerMinute },
    privateMetrics,
    log,
  });
  const metricsApp = privateMetrics && buildMetricsApp({ onboardings, requests: privateMetrics });
  try {
    await refuseDeniedAccess(onboardings);
    const metrics =
      metricsApp && metricsAddress && (await listening(metricsApp, metricsAddress, 'GATEWAY_METRICS_ADDRESS'));
    const url = await listening(app, { host, port }, 'GATEWAY_HOST and GATEWAY_PORT');
    const attributes = { url, metrics, ...temporalTarget(), taskQueue };
    log({ level: 'info', message: 'Gateway started', attributes });
    await signalled('SIGTERM', 'SIGINT');
    log({ level: 'info', message: 'Gateway drains' });
  } finally {
    await app.close();
    await metricsApp?.close();
    await onboardings.close();
  }
  log({ level: 'info', message: 'Gateway drained' });
}

async function listening(app: FastifyInstance, { host, port }: HostPort, variables: string): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || !/^E[A-Z]+$/.test(code)) throw error;
    throw new Error(`${variables}, ${host}:${port}, cannot be listened on (${code}).`, { cause: error });
  }
}

function signalled(...signals: NodeJS.Signals[]): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of signals) process.once(signal, () => resolve());
  });
}

function logFrom(lowest: GatewayConfig['logLevel']): (entry: LogEntry) => void {
  const shown: readonly string[] = logLevels.slice(logLevels.indexOf(lowest));
  return (entry) => {
    if (shown.includes(entry.level)) process.stderr.write(`${logLine(entry)}\n`);
  };
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${logLine({ level: 'error', message, attributes: { error } })}\n`);
  process.exitCode = 1;
});
