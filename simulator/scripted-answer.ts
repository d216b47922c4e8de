/** The answer a fault gives in place of the real one. */
import { classicError, throttled, unauthorizedAttestation } from './errors';
import type { Fault } from './fault';
import type { Answer, Operation } from './operation';

export function scriptedAnswer(fault: Fault, operation: Operation): Answer {
  const status = fault.status ?? (fault.retryAfter === undefined ? 200 : 429);
  const answer = fault.body === undefined ? usualAnswer(status, operation) : { status, body: fault.body };
  const retryAfter = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
  const headers = Object.entries(fault.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  return { ...answer, headers: { ...answer.headers, ...retryAfter, ...Object.fromEntries(headers) } };
}

/** What the operation's service would say with this status. */
function usualAnswer(status: number, operation: Operation): Answer {
  if (status < 400) return { status };
  if (status === 429) return throttled(1);
  if (operation === 'token') {
    const error = status >= 500 ? 'temporarily_unavailable' : 'invalid_client';
    return { status, body: { error, error_description: `AADSTS90033: a scripted fault answered ${status}.` } };
  }
  if (status === 401 && operation === 'createAttestation') return unauthorizedAttestation();
  if (status === 500) return classicError(500, 800003, 'An unexpected service error occurred.');
  if (status > 500) return { status, body: `<html><body><h1>${status}</h1></body></html>` };
  return classicError(status, status, `A scripted fault answered ${status}.`);
}
