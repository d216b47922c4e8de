import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from '../process/logging';
import type { RequestMetrics } from './metrics';

/** Every few seconds, by supervisors and scrapers. */
const ASKED_BY_MACHINES: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

/** One line and one measurement for each request. Paths hold tokens and deals, so the route's pattern stands for them. */
export function logRequests(app: FastifyInstance, log: Logger, metrics: RequestMetrics): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = routeOf(request);
    const { method, id: correlationId, caller } = request;
    const { statusCode: status, elapsedTime: ms } = reply;
    metrics.record({ method, route, status, seconds: ms / 1000 });
    const level = ASKED_BY_MACHINES.has(route) ? 'debug' : 'info';
    log[level]({ method, route, status, ms: Math.round(ms), caller: caller?.name, correlationId }, 'Request');
  });
}

function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? 'none';
}
