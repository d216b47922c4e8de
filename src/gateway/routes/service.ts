import type { Client } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import type { RequestMetrics } from '../metrics';
import type { ApiDescription } from '../openapi';
import type { RateLimiter } from '../rate-limiter';
import { troubleMetrics } from '../trouble-metrics';

const READY_DEADLINE_MS = 1_000;
const NOT_IN_API = { hide: true };

interface ServiceDependencies {
  client: Client;
  taskQueue: string;
  metrics: RequestMetrics;
  description: ApiDescription;
  limiter: RateLimiter;
  isDraining: () => boolean;
}

/** What operators and generators of clients ask: health, metrics, and the description of the API in both versions. */
export function registerServiceRoutes(app: FastifyInstance, deps: ServiceDependencies): void {
  const { client, taskQueue, metrics, description, limiter, isDraining } = deps;
  const isTemporalServing = sharedWhileRunning(() => asksWhetherServing(client));
  const troubles = troubleMetrics(client, taskQueue);

  app.get('/healthz', { schema: NOT_IN_API }, async () => ({ status: 'ok' }));
  app.get('/readyz', { schema: NOT_IN_API }, async (_request, reply) => {
    const state = isDraining() ? 'draining' : (await isTemporalServing()) ? 'ready' : 'temporal-unavailable';
    return reply.code(state === 'ready' ? 200 : 503).send({ status: state });
  });
  app.get('/metrics', { schema: NOT_IN_API }, async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(metrics.render() + (await troubles())),
  );

  const limited = { schema: NOT_IN_API, onRequest: async ({ ip }: { ip: string }) => limiter.countAddress(ip) };
  app.get('/openapi.json', limited, async () => description.version31());
  app.get('/openapi-2.0.json', limited, async () => description.version20());
}

async function asksWhetherServing(client: Client): Promise<boolean> {
  const { namespace } = client.options;
  return client
    .withDeadline(Date.now() + READY_DEADLINE_MS, () => client.workflowService.describeNamespace({ namespace }))
    .then(
      () => true,
      () => false,
    );
}

/** Many who ask at the same time get one answer. */
function sharedWhileRunning<T>(ask: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => (running ??= ask().finally(() => (running = undefined)));
}
