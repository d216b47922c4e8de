/** The HTTP server: every route, and how a call is recorded, affected by a fault and answered. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { acceptOnPage, showPage } from './microsoft-page';
import { createOrder, getDirectSignedStatus, listCustomerAgreements, listTemplates } from './agreement-reads';
import { createAgreement } from './agreements';
import { createAttestation, getAttestationStatus } from './attestations';
import { listAuditRecords } from './audit-log';
import { registerControl, toProblem } from './control';
import { receiveEvent, recordEvent } from './crm-receiver';
import { issueTokenV1, issueTokenV2 } from './entra';
import { buildFaultAnswer, type Fault, replacesAnswer } from './faults';
import type { JournalEntry } from './journal';
import type { Answer, Call, Operation } from './operations';
import type { Handler, Simulation } from './simulation';

const DIRECT_SIGNED_STATUS = 'directSignedMicrosoftCustomerAgreementStatus';

/** Does not listen yet. Abort `closing` before closing: calls that a fault delays then end without a commit. */
export function buildServer(simulation: Simulation, closing: AbortSignal): FastifyInstance {
  // Closing destroys open sockets: otherwise a hanging fault or an idle keep-alive connection blocks it for a minute.
  const app = fastify({ forceCloseConnections: true, routerOptions: { ignoreTrailingSlash: true } });
  // Bodies stay text, because the journal keeps them unchanged and each service has its own answer to an invalid body.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error, _request, reply) => {
    const problem = toProblem(error);
    return reply.code(problem.status).type('application/problem+json').send(problem);
  });
  app.setNotFoundHandler((request, reply) => {
    const title = `The simulator has no ${request.method} ${request.url.split('?')[0]}.`;
    return reply.code(404).type('application/problem+json').send({ type: 'about:blank', title, status: 404 });
  });

  const route = (operation: Operation, method: 'GET' | 'POST', url: string, handler: Handler) =>
    app.route({
      method,
      url,
      handler: (request, reply) => handleCall(simulation, toCall(operation, request), handler, reply, closing),
    });
  route('token', 'POST', '/:tenant/oauth2/v2.0/token', issueTokenV2);
  route('token', 'POST', '/:tenant/oauth2/token', issueTokenV1);
  route('createAttestation', 'POST', '/v1/attestations/enhanced', createAttestation);
  route('attestationStatus', 'GET', '/v1/attestations/enhanced/:attestationId', getAttestationStatus);
  route('createAgreement', 'POST', '/v1/customers/:customerId/agreements', createAgreement);
  route('customerAgreements', 'GET', '/v1/customers/:customerId/agreements', listCustomerAgreements);
  route('directSignedStatus', 'GET', `/v1/customers/:customerId/${DIRECT_SIGNED_STATUS}`, getDirectSignedStatus);
  route('createOrder', 'POST', '/v1/customers/:customerId/orders', createOrder);
  route('agreementMetadata', 'GET', '/v1/agreements', listTemplates);
  route('auditRecords', 'GET', '/v1/auditrecords', listAuditRecords);
  route('component', 'GET', '/mca', showPage);
  route('acceptance', 'POST', '/mca/accept', acceptOnPage);
  route('crmEvent', 'POST', '/crm/events', receiveEvent);
  void app.register((control, _options, done) => {
    registerControl(control, simulation);
    done();
  });
  return app;
}

async function handleCall(
  simulation: Simulation,
  call: Call,
  handler: Handler,
  reply: FastifyReply,
  closing: AbortSignal,
): Promise<FastifyReply> {
  const entry = simulation.journal.open(call);
  if (call.operation === 'crmEvent') recordEvent(simulation, entry, call);
  const fault = simulation.faults.next(call.operation, call.customerId);
  const { untilReset } = simulation;
  if (fault?.delayMs) {
    const signal = AbortSignal.any([closing, untilReset]);
    await pause(fault.delayMs, undefined, { signal, ref: false }).catch(() => {});
  }
  if (closing.aborted || untilReset.aborted) {
    reply.hijack().raw.socket?.destroy();
    return reply;
  }
  applyFault(reply, entry, call, fault, () => {
    const answer = handler(simulation, call);
    entry.committed = answer.committed ?? false;
    if (entry.committed) simulation.onChange();
    return answer;
  });
  return reply;
}

/** Calls `handle` unless the fault prevents the commit; each effect is described at `Effect`. */
function applyFault(
  reply: FastifyReply,
  entry: JournalEntry,
  call: Call,
  fault: Fault | undefined,
  handle: () => Answer,
): void {
  entry.effect = fault?.effect ?? 'answer';
  switch (fault?.effect) {
    case undefined:
      return send(reply, entry, call, handle());
    case 'answer':
      return send(reply, entry, call, replacesAnswer(fault) ? buildFaultAnswer(fault, call.operation) : handle());
    case 'loseAnswer':
      handle();
      if (replacesAnswer(fault)) return send(reply, entry, call, buildFaultAnswer(fault, call.operation));
      reply.hijack().raw.socket?.destroy();
      return;
    case 'loseAnswerHang':
      handle();
      reply.hijack();
      return;
    case 'truncate':
      return sendHalf(reply, call, handle());
    case 'hang':
      reply.hijack();
      return;
    case 'reset':
      reply.hijack().raw.socket?.resetAndDestroy();
      return;
  }
}

function send(reply: FastifyReply, entry: JournalEntry, call: Call, answer: Answer): void {
  entry.status = answer.status;
  entry.answeredAt = new Date().toISOString();
  reply.code(answer.status).headers(buildHeaders(call, answer));
  void reply.send(serializeBody(answer.body));
}

/** Announces the full length, sends half of it and closes the socket. */
function sendHalf(reply: FastifyReply, call: Call, answer: Answer): void {
  const { raw } = reply.hijack();
  const body = Buffer.from(serializeBody(answer.body) ?? '{}');
  raw.writeHead(answer.status, { ...buildHeaders(call, answer), 'content-length': body.length });
  raw.write(body.subarray(0, Math.floor(body.length / 2)), () => raw.socket?.destroy());
}

function buildHeaders(call: Call, answer: Answer): Record<string, string> {
  return { ...getTracingHeaders(call), ...getContentType(answer.body), ...answer.headers };
}

/** Partner Center returns the ids that the caller sent and generates missing ones. */
function getTracingHeaders(call: Call): Record<string, string> {
  if (!call.path.startsWith('/v1/')) return {};
  return {
    'ms-requestid': call.headers['ms-requestid'] ?? randomUUID(),
    'ms-correlationid': call.headers['ms-correlationid'] ?? randomUUID(),
  };
}

/** Text that begins with `<` is HTML, as the error pages of gateways in front of an API are. */
function getContentType(body: unknown): Record<string, string> {
  if (body === undefined || body === '') return {};
  if (typeof body !== 'string') return { 'content-type': 'application/json; charset=utf-8' };
  return { 'content-type': `text/${body.trimStart().startsWith('<') ? 'html' : 'plain'}; charset=utf-8` };
}

/** Undefined for an empty body: fastify then sends no content type. */
function serializeBody(body: unknown): string | undefined {
  if (body === undefined || body === '') return undefined;
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function toCall(operation: Operation, request: FastifyRequest): Call {
  const params = request.params as Record<string, string>;
  return {
    operation,
    method: request.method,
    path: request.url.split('?', 1)[0] ?? '',
    params,
    customerId: params['customerId']?.toLowerCase() ?? '',
    query: toStrings(request.query as object),
    headers: toStrings(request.headers),
    rawBody: typeof request.body === 'string' ? request.body : '',
  };
}

/** Joins repeated members with a comma, as HTTP joins repeated headers. */
function toStrings(members: object): Record<string, string> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, String(value)]));
}
