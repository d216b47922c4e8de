/** What operators and client generators read: health, readiness, and the description of the API in both versions. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { OnboardingClient } from '../../client/onboarding-client';
import type { Logger } from '../../process/logging';
import { getProductFolder } from '../../process/version';
import type { RateLimits } from '../rate-limits';
import { Readiness } from '../readiness';

interface ServiceDependencies {
  onboardings: OnboardingClient;
  description: () => object;
  limits: RateLimits;
  isDraining: () => boolean;
  log: Logger;
}

export function addServiceRoutes(app: FastifyInstance, deps: ServiceDependencies): void {
  const { onboardings, description, limits, isDraining, log } = deps;
  const readiness = new Readiness(onboardings, log);
  readiness.watch(app);
  const schema = { hide: true }; // not part of the API

  app.get('/healthz', { schema }, async () => ({ status: 'ok' }));
  app.get('/readyz', { schema }, async (_request, reply) => {
    const state = isDraining() ? 'draining' : (await readiness.check()) ? 'ready' : 'temporal-unavailable';
    return reply.code(state === 'ready' ? 200 : 503).send({ status: state });
  });

  const limited = { schema, onRequest: limits.countAddress };
  app.get('/openapi.json', limited, async () => description());
  // Swagger 2.0, which Power Automate and Salesforce read; `npm run describe:api` converts and commits it.
  app.get('/openapi-2.0.json', limited, async (_request, reply) =>
    reply
      .type('application/json; charset=utf-8')
      .send(await readFile(join(getProductFolder(), 'docs/openapi-2.0.json'))),
  );
}
