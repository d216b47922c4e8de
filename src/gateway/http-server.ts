/** The HTTP server below the routes: its limits, correlation ids, the log of requests, and graceful shutdown. */
import { randomUUID } from 'node:crypto';
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from '../process/logging';
import type { RequestMetrics } from './metrics';
import {
  CORRELATION_HEADER,
  PROBLEM_MEDIA_TYPE,
  ProblemError,
  sendProblem,
  toProblem,
  toProblemBody,
} from './problems';

const MAX_BODY_BYTES = 64 * 1024; // the largest sensible request has 20 metadata values of 500 characters
const MAX_HEADER_BYTES = 16 * 1024;
const REQUEST_TIMEOUT_MS = 10_000; // for its last byte to arrive
const MAX_REQUESTS_PER_CONNECTION = 100; // they can all arrive together, and each is kept until its answer is read
const IDLE_TIMEOUT_MS = 30_000; // longer than any answer takes, so that only a dead connection is closed
const CLOSE_WITHIN_MS = 8_000; // longer than any answer but a renewal takes, shorter than what supervisors allow

/** Routes that supervisors and scrapers call every few seconds. */
const MONITORING: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

const CORRELATION_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{7,63}$/;

export function createServer(options: { maxParamLength: number; trustedProxies?: string[] }): FastifyInstance {
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
    routerOptions: { maxParamLength: options.maxParamLength },
    trustProxy: options.trustedProxies?.length ? options.trustedProxies : false,
    return503OnClosing: false, // a request that still arrives on an open connection is answered, then the connection ends
    requestIdHeader: false,
    genReqId: getCorrelationId,
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, request, reply) => sendProblem(reply, toProblem(error), request.id),
  });
  // A client that sends more requests than a connection may carry would be answered 503 for each.
  app.server.on('dropRequest', (_request, socket) => socket.destroy());
  app.addHook('onRequest', async (request, reply) => {
    void reply.header(CORRELATION_HEADER, request.id);
  });
  return app;
}

/** The caller's own id of the request if it sends one, so that both logs can be read together; else a new one. */
function getCorrelationId({ headers }: IncomingMessage): string {
  const sent = [headers[CORRELATION_HEADER], headers['x-request-id']];
  return sent.find((id): id is string => typeof id === 'string' && CORRELATION_ID.test(id)) ?? randomUUID();
}

/** Logs and measures each request by the pattern of its route, because paths hold tokens and the ids of deals. */
export function logRequests(app: FastifyInstance, log: Logger, metrics: RequestMetrics): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, id: correlationId, caller } = request;
    const { statusCode: status, elapsedTime: ms } = reply;
    const route = request.routeOptions.url ?? 'none';
    metrics.record({ method, route, status, seconds: ms / 1000 });
    const level = MONITORING.has(route) ? 'debug' : 'info';
    log[level]({ method, route, status, ms: Math.round(ms), caller: caller?.name, correlationId }, 'Request');
  });
}

/** Answers errors and unknown paths with problems, and logs those that are not the caller's fault. */
export function answerProblems(app: FastifyInstance, log: Logger): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = toProblem(error);
    if (problem.statusCode >= 500) {
      const level = problem.kind === 'internal' ? 'error' : 'warn';
      log[level]({ error, correlationId: request.id }, problem.detail);
    }
    sendProblem(reply, problem, request.id);
  });
  app.setNotFoundHandler(() => {
    throw new ProblemError('not-found', 'GET /openapi.json describes the available routes.');
  });
}

/**
 * Makes `close()` answer every request in progress and end soon after. Without it a connection that is kept alive could
 * become idle after Node has closed the idle ones, and hold the server for its whole keep-alive time.
 */
export function drainOnClose(app: FastifyInstance): { isDraining: () => boolean } {
  let draining = false;
  app.addHook('preClose', (done) => {
    draining = true;
    setTimeout(() => app.server.closeAllConnections(), CLOSE_WITHIN_MS).unref();
    done();
  });
  app.addHook('onSend', async (_request, reply) => {
    if (draining) void reply.header('connection', 'close');
  });
  return { isDraining: () => draining };
}

/** Answers input that is not HTTP, too large or too slow, and closes the connection; fastify has no request yet. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = toBrokenRequestProblem(error.code);
  const correlationId = randomUUID();
  const body = JSON.stringify(toProblemBody(problem, correlationId));
  socket.end(
    [
      `HTTP/1.1 ${problem.statusCode} ${STATUS_CODES[problem.statusCode]}`,
      `content-type: ${PROBLEM_MEDIA_TYPE}`,
      `content-length: ${Buffer.byteLength(body)}`,
      `${CORRELATION_HEADER}: ${correlationId}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

function toBrokenRequestProblem(code: string | undefined): ProblemError {
  if (code === 'HPE_HEADER_OVERFLOW') return new ProblemError('headers-too-large', 'Send at most 16 kB of headers.');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new ProblemError('request-timeout', 'Send the whole request within 10 s.');
  }
  return new ProblemError('malformed-http', 'The request is not valid HTTP/1.1.');
}
