/** The gateway process: the HTTP side for CRMs, operators and signatories. Reads configuration, wires, listens, drains. */
import { acceptanceLinks } from './acceptance-link';
import { type GatewayConfig, logLevels, readGatewayConfig } from './config';
import { buildApp } from './gateway/app';
import { type LogEntry, logLine } from './logging';
import { connectClient, temporalTarget } from './temporal/connection';

async function main(): Promise<void> {
  const config = readGatewayConfig(process.env);
  const log = logFrom(config.logLevel);
  const client = await connectClient();
  const app = buildApp({
    client,
    taskQueue: config.taskQueue,
    links: acceptanceLinks(config.acceptanceLinks.keys, config.acceptanceLinks.publicUrl),
    apiKeys: config.apiKeys,
    acceptanceUrl: config.acceptanceUrl,
    frameAncestors: config.frameAncestors,
    callbacks: config.crm,
    allowPrimaryContactMethod: config.allowPrimaryContactMethod,
    trustedProxies: config.trustedProxies,
    limits: { perKey: config.requestsPerMinute },
    log,
  });
  try {
    const url = await listening(app, config);
    const { namespace } = temporalTarget();
    log({ level: 'info', message: 'Gateway started', attributes: { url, namespace, taskQueue: config.taskQueue } });
    await signalled('SIGTERM', 'SIGINT');
    log({ level: 'info', message: 'Gateway drains' });
  } finally {
    await app.close();
    await client.connection.close();
  }
  log({ level: 'info', message: 'Gateway drained' });
}

async function listening(app: ReturnType<typeof buildApp>, { host, port }: GatewayConfig): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || !/^E[A-Z]+$/.test(code)) throw error;
    throw new Error(`GATEWAY_HOST and GATEWAY_PORT, ${host}:${port}, cannot be listened on (${code}).`, {
      cause: error,
    });
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
