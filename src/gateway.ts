/** The gateway process: the HTTP side for CRMs, operators and signatories. Reads configuration, wires, listens, drains. */
import type { FastifyInstance } from 'fastify';
import { createAcceptanceLinks } from './onboarding/acceptance-link';
import { readGatewayConfig } from './config';
import { OnboardingClient } from './client/onboarding-client';
import { buildApp, buildMetricsApp } from './gateway/app';
import { RequestMetrics } from './gateway/metrics';
import { refuseDeniedAccess } from './gateway/readiness';
import { createLogger } from './process/logging';
import { type HostPort, runProcess, waitForShutdownSignal } from './process/lifecycle';
import { createLazyClient, readTemporalTarget } from './temporal/connection';

async function main(): Promise<void> {
  const config = readGatewayConfig(process.env);
  const { host, port, taskQueue, metricsAddress } = config;
  const log = createLogger({ level: config.logLevel });
  // The gateway starts even if Temporal is unavailable: it is then not ready, and logs when Temporal becomes available.
  const onboardings = new OnboardingClient(createLazyClient(), taskQueue);
  const privateMetrics = metricsAddress && new RequestMetrics();
  const app = buildApp({
    onboardings,
    links: createAcceptanceLinks(config.acceptanceLinks.keys, config.acceptanceLinks.publicUrl),
    apiKeys: config.apiKeys,
    microsoftPageUrl: config.microsoftPageUrl,
    frameAncestors: config.frameAncestors,
    callbacks: config.callbacks,
    allowPrimaryContactMethod: config.allowPrimaryContactMethod,
    trustedProxies: config.trustedProxies,
    limits: { perKey: config.requestsPerMinute },
    privateMetrics,
    log,
  });
  const metricsApp = privateMetrics && buildMetricsApp(privateMetrics, onboardings);
  try {
    await refuseDeniedAccess(onboardings);
    const metrics =
      metricsApp && metricsAddress && (await listen(metricsApp, metricsAddress, 'GATEWAY_METRICS_ADDRESS'));
    const url = await listen(app, { host, port }, 'GATEWAY_HOST and GATEWAY_PORT');
    log.info({ url, metrics, ...readTemporalTarget(), taskQueue }, 'Gateway started');
    await waitForShutdownSignal();
    log.info('Gateway draining');
  } finally {
    await app.close();
    await metricsApp?.close();
    await onboardings.close();
  }
  log.info('Gateway drained');
}

async function listen(app: FastifyInstance, { host, port }: HostPort, variables: string): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || !/^E[A-Z]+$/.test(code)) throw error;
    throw new Error(`The gateway cannot listen on ${host}:${port} (${code}): check ${variables}.`, { cause: error });
  }
}

runProcess(main);
