import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { logRequests } from './access-log';
import { requireApiKey } from './authentication';
import { CORRELATION_HEADER, correlationIdOf } from './correlation';
import { DEFAULT_LIMITS, type GatewayDependencies } from './dependencies';
import { describeApi } from './openapi';
import { drainOnClose } from './draining';
import { answerEveryMethod } from './method-not-allowed';
import { RequestMetrics } from './metrics';
import type { Logger } from '../process/logging';
import { MIN_PARAM_LENGTH, registerAcceptancePage } from '../acceptance-page';
import { PROBLEM_MEDIA_TYPE, problemBody, ProblemError } from './problem';
import { problemOf } from './problem-of';
import { RateLimiter } from './rate-limiter';
import { Readiness } from './readiness';
import { answerBrokenRequest } from './raw-answers';
import { readJsonBodies } from './json-body';
import { registerOnboardingRoutes } from './routes';
import { addMetricsRoute, type ServedMetrics } from './routes/metrics';
import { registerServiceRoutes } from './routes/service';
import { compileValidator } from './validation';

const MAX_BODY_BYTES = 64 * 1024; // the largest sensible request has 20 metadata of 500 characters
const MAX_HEADER_BYTES = 16 * 1024;
const REQUEST_TIMEOUT_MS = 10_000; // for its last byte to arrive
const MAX_REQUESTS_PER_CONNECTION = 100; // they may come all at once, and each is kept until its answer is read
const IDLE_TIMEOUT_MS = 30_000; // longer than any answer takes, so that only a dead connection is cut

/** The gateway as an app that does not listen: routes for CRMs and operators, and the signatory's page. */
export function buildApp(deps: GatewayDependencies): FastifyInstance {
  const app = fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: IDLE_TIMEOUT_MS,
    maxRequestsPerSocket: MAX_REQUESTS_PER_CONNECTION,
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: 1_000, // Node looks for late requests every 30 s otherwise
    },
    routerOptions: { maxParamLength: MIN_PARAM_LENGTH },
    trustProxy: deps.trustedProxies?.length ? deps.trustedProxies : false,
    return503OnClosing: false, // what still arrives on an open connection is answered, and the connection closed
    requestIdHeader: false,
    genReqId: correlationIdOf,
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, request, reply) => {
      const problem = problemOf(error);
      sendProblem(reply, problem, request.id);
    },
  });
  // Who sends more without having read that the connection closes would be answered 503 for each.
  app.server.on('dropRequest', (_request, socket) => socket.destroy());
  const limiter = new RateLimiter({ ...DEFAULT_LIMITS, ...deps.limits });
  const requests = deps.privateMetrics ?? new RequestMetrics();
  app.decorateRequest('caller', undefined);
  app.addHook('onRequest', async (request, reply) => {
    void reply.header(CORRELATION_HEADER, request.id);
  });
  logRequests(app, deps.log, requests);
  const { isDraining } = drainOnClose(app);
  app.setValidatorCompiler(compileValidator);
  app.setSerializerCompiler(() => (body) => JSON.stringify(body));
  answerProblems(app, deps.log);
  readJsonBodies(app);

  const description = describeApi(app);
  void app.register(async (api) => {
    requireApiKey(api, deps.apiKeys, limiter);
    api.addHook('onSend', async (_request, reply) => {
      void reply.header('cache-control', 'no-store');
    });
    const answerOthers = answerEveryMethod(api);
    registerOnboardingRoutes(api, deps);
    answerOthers();
  });
  void app.register(async (open) => {
    open.addHook('onRequest', async (request) => limiter.countAddress(request.ip));
    registerAcceptancePage(open, {
      onboardings: deps.onboardings,
      links: deps.links,
      acceptanceUrl: deps.acceptanceUrl,
      frameAncestors: deps.frameAncestors ?? [],
      log: deps.log,
    });
  });
  registerServiceRoutes(app, {
    readiness: new Readiness(deps.onboardings, deps.log),
    metrics: deps.privateMetrics === undefined ? { onboardings: deps.onboardings, requests } : undefined,
    description,
    limiter,
    isDraining,
  });
  return app;
}

/** An app that serves the metrics alone, for an address that is not public. */
export function buildMetricsApp(metrics: ServedMetrics): FastifyInstance {
  const app = fastify({ forceCloseConnections: true });
  addMetricsRoute(app, metrics);
  return app;
}

function answerProblems(app: FastifyInstance, log: Logger): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.statusCode >= 500) {
      const level = problem.kind === 'internal' ? 'error' : 'warn';
      log[level]({ error, correlationId: request.id }, problem.detail);
    }
    sendProblem(reply, problem, request.id);
  });
  app.setNotFoundHandler(() => {
    throw new ProblemError('not-found', 'GET /openapi.json describes what there is.');
  });
}

function sendProblem(reply: FastifyReply, problem: ProblemError, correlationId: string): void {
  void reply.code(problem.statusCode).headers({ ...problem.headers, [CORRELATION_HEADER]: correlationId });
  // As bytes: fastify adds a charset to a text, which this media type does not have.
  void reply.type(PROBLEM_MEDIA_TYPE).send(Buffer.from(JSON.stringify(problemBody(problem, correlationId))));
}
