/** Authentication by API key, and the reseller to whose deals a key is restricted. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ApiKey } from '../config';
import { onboardingNotFound, ProblemError } from './problems';
import type { RateLimits } from './rate-limits';

declare module 'fastify' {
  interface FastifyRequest {
    /** The owner of the call's API key; undefined outside the API. */
    caller: Caller | undefined;
  }
}

export type Caller = Omit<ApiKey, 'sha256'>;

/** Lets only calls with a valid key into the routes of `scope`. Calls with a wrong key count against the limit of their address. */
export function requireApiKey(scope: FastifyInstance, keys: readonly ApiKey[], limits: RateLimits): void {
  scope.addHook('onRequest', async (request) => {
    const secret = readKey(request.headers);
    request.caller = secret === undefined ? undefined : findCaller(secret, keys);
    if (request.caller !== undefined) return limits.countKey(request);
    await limits.countAddress(request);
    throw unauthenticated(secret !== undefined);
  });
}

/** The caller of a request inside a scope of `requireApiKey`. */
export function getCaller({ caller }: FastifyRequest): Caller {
  if (caller === undefined) throw new Error('This route is outside the API.');
  return caller;
}

/**
 * The onboarding that a path names, if the caller may see it. Another reseller's is not found, like one that does not
 * exist. @throws ProblemError
 */
export function getVisibleId(request: FastifyRequest): string {
  const { id } = request.params as { id: string };
  const { resellerId } = getCaller(request);
  if (resellerId !== undefined && !id.startsWith(`${resellerId}:`)) throw onboardingNotFound(id);
  return id;
}

/** The caller that owns a key. All keys are compared, each in constant time, so that timing reveals nothing. */
export function findCaller(secret: string, keys: readonly ApiKey[]): Caller | undefined {
  const hash = createHash('sha256').update(secret).digest();
  let found: ApiKey | undefined;
  for (const key of keys) if (timingSafeEqual(key.sha256, hash)) found ??= key;
  return found && { name: found.name, resellerId: found.resellerId };
}

/** The key that a call carries: `Authorization: Bearer`, or `X-API-Key` for callers that can send fixed headers only. */
export function readKey(headers: { authorization?: string; 'x-api-key'?: unknown }): string | undefined {
  const bearer = /^Bearer +(?<key>\S+) *$/i.exec(headers.authorization ?? '')?.groups?.['key'];
  const fixed = headers['x-api-key'];
  return bearer ?? (typeof fixed === 'string' && fixed !== '' ? fixed : undefined);
}

function unauthenticated(wasSent: boolean): ProblemError {
  const detail = wasSent
    ? 'The API key is not one of GATEWAY_API_KEYS.'
    : 'Send the key as “Authorization: Bearer …”, or as X-API-Key where only fixed headers can be sent.';
  return new ProblemError('unauthenticated', detail, {}, { 'www-authenticate': 'Bearer' });
}
