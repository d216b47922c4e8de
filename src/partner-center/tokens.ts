import { TokenError } from './errors';

export interface AccessToken {
  readonly value: string;
  readonly obtainedAtMs: number;
  readonly expiresAtMs: number;
  /** If Entra asks for an earlier renewal. */
  readonly refreshAtMs?: number;
}

export type TokenSource = ReturnType<typeof createTokenSource>;

/** The same margin with which Microsoft's own SDK treats a token as expired. */
const EXPIRY_MARGIN_MS = 30_000;
/** A token of one hour is renewed twelve minutes early, so a shorter outage of Entra has no effect. */
const RENEW_AFTER_FRACTION_OF_LIFETIME = 0.8;
const RENEWAL_PAUSE_MS = 10_000;
/** Ten thousand callers with a wrong secret ask once a minute, and a corrected secret is noticed soon. */
const MAX_FAILURE_AGE_MS = 60_000;

/**
 * Shares one token, and one request for it, among all callers. It is renewed before it expires, while the old one is
 * still in use. A refusal is remembered for 60 s, an outage for as long as its `Retry-After` says, at most 60 s. Both calls throw TokenError.
 */
export function createTokenSource(requestToken: () => Promise<AccessToken>, now: () => number = Date.now) {
  let token: AccessToken | undefined;
  let inFlight: Promise<AccessToken> | undefined;
  let failure: { error: TokenError; validUntilMs: number } | undefined;
  let nextRenewalAtMs = 0;

  function request(): Promise<AccessToken> {
    if (inFlight) return inFlight;
    if (failure && now() < failure.validUntilMs) return Promise.reject(failure.error);
    inFlight = requestToken()
      .then(
        (fresh) => {
          failure = undefined;
          token = fresh;
          return fresh;
        },
        (error: unknown) => {
          if (error instanceof TokenError) failure = { error, validUntilMs: now() + getFailureLifetimeMs(error) };
          nextRenewalAtMs = now() + RENEWAL_PAUSE_MS;
          throw error;
        },
      )
      .finally(() => {
        inFlight = undefined;
      });
    return inFlight;
  }

  return {
    /** A token that is valid for at least 30 s more. */
    current(): Promise<AccessToken> {
      if (!token || now() >= token.expiresAtMs - EXPIRY_MARGIN_MS) return request();
      if (now() >= Math.max(getRenewalTimeMs(token), nextRenewalAtMs)) {
        request().catch(() => undefined); // the old token is still valid, and a later call tries again
      }
      return Promise.resolve(token);
    },
    /** A token other than the rejected one: the newer one if there is one, else one new token for all who ask meanwhile. */
    replace(rejected: AccessToken): Promise<AccessToken> {
      // Compared by identity: Entra may issue the same text twice.
      if (token && token !== rejected) return Promise.resolve(token);
      token = undefined;
      return request();
    },
  };
}

function getRenewalTimeMs({ obtainedAtMs, expiresAtMs, refreshAtMs = Infinity }: AccessToken): number {
  return Math.min(refreshAtMs, obtainedAtMs + (expiresAtMs - obtainedAtMs) * RENEW_AFTER_FRACTION_OF_LIFETIME);
}

function getFailureLifetimeMs(error: TokenError): number {
  return error.kind === 'refused' ? MAX_FAILURE_AGE_MS : Math.min(error.retryAfterMs ?? 0, MAX_FAILURE_AGE_MS);
}
