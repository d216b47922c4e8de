/** Puts an operation on a route: journal, fault, answer. */
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isVerified } from './crm';
import { replacesAnswer, type Fault } from './fault';
import type { JournalEntry } from './journal';
import type { Answer, Call, Operation } from './operation';
import { scriptedAnswer } from './scripted-answer';
import { contentType, serialized, tracingHeaders } from './wire';
import type { World } from './world';

/** Decides on a call; whatever it changes in the world is committed when it returns. */
export type Handler = (world: World, call: Call) => Answer;

/** Calls that a fault delays are dropped, uncommitted, when `closing` is aborted or the world was reset meanwhile. */
export function serveOn(app: FastifyInstance, world: World, closing: AbortSignal) {
  return (operation: Operation, method: 'GET' | 'POST', url: string, handler: Handler): void => {
    app.route({
      method,
      url,
      handler: async (request, reply) => {
        const call = callOf(operation, request);
        const entry = world.journal.open(call);
        if (operation === 'crmEvent') {
          entry.verified = isVerified(world, call);
          world.crmEvents.add(entry);
        }
        const fault = world.faults.next(operation, call.customerId);
        const { resets } = world;
        if (fault?.delayMs) await pause(fault.delayMs, undefined, { signal: closing, ref: false }).catch(() => {});
        if (closing.aborted || world.resets > resets) {
          reply.hijack().raw.socket?.destroy();
          return reply;
        }
        perform(reply, entry, call, fault, () => {
          const answer = handler(world, call);
          entry.committed = answer.committed ?? false;
          if (entry.committed) world.onChange();
          return answer;
        });
        return reply;
      },
    });
  };
}

function perform(
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
      return send(reply, entry, call, replacesAnswer(fault) ? scriptedAnswer(fault, call.operation) : handle());
    case 'loseAnswer':
      handle();
      if (replacesAnswer(fault)) return send(reply, entry, call, scriptedAnswer(fault, call.operation));
      reply.hijack().raw.socket?.destroy();
      return;
    case 'loseAnswerHang':
      handle();
      reply.hijack();
      return;
    case 'truncate':
      return truncate(reply, call, handle());
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
  reply.code(answer.status).headers(headersOf(call, answer));
  void reply.send(serialized(answer.body));
}

/** Promises the whole length and sends half of it. */
function truncate(reply: FastifyReply, call: Call, answer: Answer): void {
  const { raw } = reply.hijack();
  const body = Buffer.from(serialized(answer.body) ?? '{}');
  raw.writeHead(answer.status, { ...headersOf(call, answer), 'content-length': body.length });
  raw.write(body.subarray(0, Math.floor(body.length / 2)), () => raw.socket?.destroy());
}

function headersOf(call: Call, answer: Answer): Record<string, string> {
  return { ...tracingHeaders(call), ...contentType(answer.body), ...answer.headers };
}

function callOf(operation: Operation, request: FastifyRequest): Call {
  const params = request.params as Record<string, string>;
  return {
    operation,
    method: request.method,
    path: request.url.split('?', 1)[0] ?? '',
    params,
    customerId: params['customerId']?.toLowerCase() ?? '',
    query: flattened(request.query as object),
    headers: flattened(request.headers),
    rawBody: typeof request.body === 'string' ? request.body : '',
  };
}

/** Repeated members joined by a comma, as HTTP joins repeated headers. */
function flattened(members: object): Record<string, string> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, String(value)]));
}
