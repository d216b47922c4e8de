import { TokenError } from './errors';

export interface AccessToken {
  readonly value: string;
  readonly obtainedAtMs: number;
  readonly expiresAtMs: number;
  /** Where Entra asks for an earlier renewal. */
  readonly refreshAtMs?: number;
}

/** The one token that all callers share. Both calls throw TokenError. */
export interface TokenSource {
  /** A token good for at least 30 s more. */
  current(): Promise<AccessToken>;
  /** A token other than the rejected one: the newer one that is there already, or a new one for all who ask meanwhile. */
  replace(rejected: AccessToken): Promise<AccessToken>;
}

/** Microsoft's own SDK takes a token for expired half a minute early. */
const EXPIRY_MARGIN_MS = 30_000;
/** Twelve minutes ahead for a token of an hour: an outage of Entra shorter than that is never noticed. */
const RENEW_AFTER_SHARE_OF_LIFE = 0.8;
const RENEWAL_PAUSE_MS = 10_000;
/** Long enough that ten thousand callers with a wrong secret ask once a minute, short enough to notice its mending. */
const FAILURE_REMEMBERED_MS = 60_000;

/**
 * Shares one token, and one request for it, among all callers. It is renewed ahead of its end while the old one still
 * serves. A refusal is remembered for 60 s; so is an outage, but only as long as its `Retry-After` asks.
 */
export function createTokenSource(requestToken: () => Promise<AccessToken>, now: () => number = Date.now): TokenSource {
  let token: AccessToken | undefined;
  let underWay: Promise<AccessToken> | undefined;
  let failure: { error: TokenError; rememberedUntilMs: number } | undefined;
  let nextRenewalAtMs = 0;

  function request(): Promise<AccessToken> {
    if (underWay) return underWay;
    if (failure && now() < failure.rememberedUntilMs) return Promise.reject(failure.error);
    underWay = requestToken()
      .then(
        (fresh) => {
          failure = undefined;
          token = fresh;
          return fresh;
        },
        (error: unknown) => {
          if (error instanceof TokenError) failure = { error, rememberedUntilMs: now() + memoryOf(error) };
          nextRenewalAtMs = now() + RENEWAL_PAUSE_MS;
          throw error;
        },
      )
      .finally(() => {
        underWay = undefined;
      });
    return underWay;
  }

  return {
    current() {
      if (!token || now() >= token.expiresAtMs - EXPIRY_MARGIN_MS) return request();
      if (now() >= Math.max(renewalDueMs(token), nextRenewalAtMs)) {
        request().catch(() => undefined); // the old token still serves, and the next call tries again
      }
      return Promise.resolve(token);
    },
    replace(rejected) {
      // Identity, not text: nothing forbids Entra to issue the same text twice.
      if (token && token !== rejected) return Promise.resolve(token);
      token = undefined;
      return request();
    },
  };
}

function renewalDueMs({ obtainedAtMs, expiresAtMs, refreshAtMs = Infinity }: AccessToken): number {
  return Math.min(refreshAtMs, obtainedAtMs + (expiresAtMs - obtainedAtMs) * RENEW_AFTER_SHARE_OF_LIFE);
}

function memoryOf(error: TokenError): number {
  return error.kind === 'refused' ? FAILURE_REMEMBERED_MS : Math.min(error.retryAfterMs ?? 0, FAILURE_REMEMBERED_MS);
}
