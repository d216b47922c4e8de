import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ApiKey } from '../config';
import { type Caller, callerWith, keyIn } from './api-keys';
import { ProblemError } from './problem';
import { onboardingNotFound } from './problem-of';
import type { RateLimiter } from './rate-limiter';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose API key the call carries; undefined outside the API. */
    caller: Caller | undefined;
  }
}

/** Lets only calls with a valid key into the routes of `scope`. Wrong keys count for the address they come from. */
export function requireApiKey(scope: FastifyInstance, keys: readonly ApiKey[], limiter: RateLimiter): void {
  scope.addHook('onRequest', async (request) => {
    const secret = keyIn(request.headers);
    const caller = secret === undefined ? undefined : callerWith(secret, keys);
    if (caller === undefined) {
      limiter.countAddress(request.ip);
      throw unauthenticated(secret !== undefined);
    }
    request.caller = caller;
    limiter.countKey(caller.name);
  });
}

/** Whose call this is, inside a scope of `requireApiKey`. */
export function callerOf({ caller }: FastifyRequest): Caller {
  if (caller === undefined) throw new Error('This route stands outside the API.');
  return caller;
}

/**
 * The onboarding that a path names, where the caller may know of it. Another reseller's is not found, like one that does
 * not exist. @throws ProblemError
 */
export function visibleId(request: FastifyRequest): string {
  const { id } = request.params as { id: string };
  const { resellerId } = callerOf(request);
  if (resellerId !== undefined && !id.startsWith(`${resellerId}:`)) throw onboardingNotFound(id);
  return id;
}

function unauthenticated(wasSent: boolean): ProblemError {
  const detail = wasSent
    ? 'The API key is not one of GATEWAY_API_KEYS.'
    : 'Send the key as “Authorization: Bearer …”, or as X-API-Key where only fixed headers can be sent.';
  return new ProblemError('unauthenticated', detail, {}, { 'www-authenticate': 'Bearer' });
}
