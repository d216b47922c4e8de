import type { FastifyInstance } from 'fastify';
import type { ApiDescription } from '../openapi';
import type { RateLimiter } from '../rate-limiter';
import type { Readiness } from '../readiness';
import { addMetricsRoute, type ServedMetrics } from './metrics';

const NOT_IN_API = { hide: true };

interface ServiceDependencies {
  readiness: Readiness;
  /** Undefined: they are served on an address of their own. */
  metrics: ServedMetrics | undefined;
  description: ApiDescription;
  limiter: RateLimiter;
  isDraining: () => boolean;
}

/** What operators and generators of clients ask: health, metrics, and the description of the API in both versions. */
export function registerServiceRoutes(app: FastifyInstance, deps: ServiceDependencies): void {
  const { readiness, metrics, description, limiter, isDraining } = deps;
  readiness.watchFor(app);

  app.get('/healthz', { schema: NOT_IN_API }, async () => ({ status: 'ok' }));
  app.get('/readyz', { schema: NOT_IN_API }, async (_request, reply) => {
    const state = isDraining() ? 'draining' : (await readiness.ask()) ? 'ready' : 'temporal-unavailable';
    return reply.code(state === 'ready' ? 200 : 503).send({ status: state });
  });
  if (metrics !== undefined) addMetricsRoute(app, metrics);

  const limited = { schema: NOT_IN_API, onRequest: async ({ ip }: { ip: string }) => limiter.countAddress(ip) };
  app.get('/openapi.json', limited, async () => description.version31());
  app.get('/openapi-2.0.json', limited, async () => description.version20());
}
