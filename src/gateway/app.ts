import fastify, { type FastifyInstance } from 'fastify';
import { MIN_PARAM_LENGTH, registerAcceptancePage } from '../acceptance-page';
import type { OnboardingClient } from '../client/onboarding-client';
import { limitDuration, toApi } from './api';
import { requireApiKey } from './authentication';
import type { GatewayDependencies } from './dependencies';
import { describeApi } from './description';
import { answerProblems, createServer, drainOnClose, logRequests } from './http-server';
import { addMetricsRoute, RequestMetrics } from './metrics';
import { registerRateLimits } from './rate-limits';
import { answerOtherMethods, compileValidator, readJsonBodies } from './requests';
import { addAcceptanceRoutes } from './routes/acceptance';
import { addFrameRoutes } from './routes/frame';
import { addReadRoutes } from './routes/read';
import { addOperatorRoutes } from './routes/operator';
import { addServiceRoutes } from './routes/service';
import { addStartRoutes } from './routes/start';

/** The gateway as an app that does not listen: routes for CRMs and operators, and the signatory's page. */
export function buildApp(deps: GatewayDependencies): FastifyInstance {
  const { onboardings, log, trustedProxies, privateMetrics } = deps;
  const app = createServer({ maxParamLength: MIN_PARAM_LENGTH, trustedProxies });
  const limits = registerRateLimits(app, deps.limits);
  const requests = privateMetrics ?? new RequestMetrics();
  app.decorateRequest('caller', undefined);
  logRequests(app, log, requests);
  const { isDraining } = drainOnClose(app);
  app.setValidatorCompiler(compileValidator);
  app.setSerializerCompiler(() => (body) => JSON.stringify(body));
  answerProblems(app, log);
  readJsonBodies(app);

  const description = describeApi(app);
  void app.register(async (scope) => {
    requireApiKey(scope, deps.apiKeys, limits);
    scope.addHook('onSend', async (_request, reply) => {
      void reply.header('cache-control', 'no-store');
    });
    limitDuration(scope, onboardings);
    const answerOthers = answerOtherMethods(scope);
    const api = toApi(scope);
    addStartRoutes(api, deps);
    addReadRoutes(api, deps);
    addAcceptanceRoutes(api, deps);
    addFrameRoutes(api, deps);
    addOperatorRoutes(api, deps);
    answerOthers();
  });
  void app.register(async (scope) => {
    scope.addHook('onRequest', limits.countAddress);
    registerAcceptancePage(scope, {
      onboardings,
      links: deps.links,
      microsoftPageUrl: deps.microsoftPageUrl,
      frameAncestors: deps.frameAncestors ?? [],
      log,
    });
  });
  addServiceRoutes(app, { onboardings, description, limits, isDraining, log });
  if (privateMetrics === undefined) addMetricsRoute(app, requests, onboardings);
  return app;
}

/** An app that serves the metrics alone, for an address that is not public. */
export function buildMetricsApp(requests: RequestMetrics, onboardings: OnboardingClient): FastifyInstance {
  const app = fastify({ forceCloseConnections: true });
  addMetricsRoute(app, requests, onboardings);
  return app;
}
