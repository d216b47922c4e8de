/** How an answer looks on the wire. */
import { randomUUID } from 'node:crypto';
import type { Call } from './operation';

/** Partner Center returns the ids a caller sent and makes up those it did not. */
export function tracingHeaders(call: Call): Record<string, string> {
  if (!call.path.startsWith('/v1/')) return {};
  return {
    'ms-requestid': call.headers['ms-requestid'] ?? randomUUID(),
    'ms-correlationid': call.headers['ms-correlationid'] ?? randomUUID(),
  };
}

/** Text that opens like markup is HTML: gateways in front of an API answer with pages. */
export function contentType(body: unknown): Record<string, string> {
  if (body === undefined || body === '') return {};
  if (typeof body !== 'string') return { 'content-type': 'application/json; charset=utf-8' };
  return { 'content-type': `text/${body.trimStart().startsWith('<') ? 'html' : 'plain'}; charset=utf-8` };
}

/** undefined for an empty body, which is sent without a content type. */
export function serialized(body: unknown): string | undefined {
  if (body === undefined || body === '') return undefined;
  return typeof body === 'string' ? body : JSON.stringify(body);
}
