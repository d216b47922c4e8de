import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ProblemError } from './problems';

export interface RequestsPerMinute {
  perKey: number;
  /** For calls without a valid key: to the signatory's page and the API's description, and with a wrong key. */
  perAddress: number;
}

const DEFAULTS: RequestsPerMinute = {
  perKey: 1_200,
  perAddress: 600, // a page asks every few seconds, and a whole office may share an address
};

const MAX_COUNTED = 10_000; // of addresses, and of keys; beyond that, the least recently seen one is dropped

export type RateLimits = ReturnType<typeof registerRateLimits>;

/**
 * Registers request counters of this process on `app`; they can be used once `app` is ready. Beyond the limit, counting
 * throws a ProblemError `too-many-requests`.
 */
export function registerRateLimits(app: FastifyInstance, limits: Partial<RequestsPerMinute> = {}) {
  const { perKey, perAddress } = { ...DEFAULTS, ...limits };
  const window = { timeWindow: 60_000, cache: MAX_COUNTED };
  let keys: ReturnType<FastifyInstance['createRateLimit']>;
  let addresses: ReturnType<FastifyInstance['createRateLimit']>;
  void app.register(rateLimit, { global: false });
  app.after(() => {
    keys = app.createRateLimit({ ...window, max: perKey, keyGenerator: ({ caller }) => caller?.name ?? '' });
    addresses = app.createRateLimit({ ...window, max: perAddress, ipv6Subnet: 64 });
  });
  const count = async (counter: typeof keys, request: FastifyRequest, what: string) => {
    const state = await counter(request);
    if (!state.isAllowed && state.isExceeded) throw tooManyRequests(state.max, what, state.ttlInSeconds);
  };
  return {
    countKey: (request: FastifyRequest) => count(keys, request, 'requests per minute for this API key'),
    /** All addresses of an IPv6 /64 count as one. */
    countAddress: (request: FastifyRequest) => count(addresses, request, 'requests per minute without a valid API key'),
  };
}

function tooManyRequests(limit: number, what: string, retryAfter: number): ProblemError {
  const detail = `Limit: ${limit} ${what}. Try again in ${retryAfter} s.`;
  return new ProblemError('too-many-requests', detail, {}, { 'retry-after': String(retryAfter) });
}
