import type { FastifyInstance } from 'fastify';
import type { OnboardingClient } from '../../client/onboarding-client';
import type { RequestMetrics } from '../metrics';
import { troubleMetrics } from '../trouble-metrics';

export interface ServedMetrics {
  onboardings: OnboardingClient;
  requests: RequestMetrics;
}

/** What scrapers read: no id, no name and no person stands in it. */
export function addMetricsRoute(app: FastifyInstance, { onboardings, requests }: ServedMetrics): void {
  const troubles = troubleMetrics(onboardings);
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(requests.render() + (await troubles())),
  );
}
