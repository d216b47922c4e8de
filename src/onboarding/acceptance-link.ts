import { createHmac, timingSafeEqual } from 'node:crypto';

/** A key that signs and verifies links; the first of several signs, so that keys can rotate. */
export interface LinkKey {
  id: string;
  secret: Uint8Array;
}

/** The run that a link belongs to. Whether the link may still be used is the run's decision. */
export interface LinkTarget {
  /** `dealId` or `resellerId:dealId`. */
  onboardingId: string;
  runId: string;
}

export type AcceptanceLinks = ReturnType<typeof createAcceptanceLinks>;

const MAX_TOKEN_LENGTH = 512; // enough for an id of 191 characters, a run id, a key id and the signature

/**
 * Signed links to the signatory's page: `key id . payload . HMAC-SHA256`, each part in base64url. They hold ids only: no
 * person's data, not the attestation's id, and no expiry.
 */
export function createAcceptanceLinks(keys: readonly LinkKey[], publicUrl: string) {
  const [signing] = keys;
  if (signing === undefined) throw new Error('ACCEPTANCE_LINK_KEYS must hold at least one key.');

  const getToken = ({ onboardingId, runId }: LinkTarget): string => {
    const signed = `${base64url(signing.id)}.${base64url(JSON.stringify([onboardingId, runId]))}`;
    return `${signed}.${signature(signing, signed)}`;
  };
  return {
    getToken,
    getUrl: (target: LinkTarget) => `${publicUrl.replace(/\/+$/, '')}/accept/${getToken(target)}`,
    /** The target of a token that one of the keys has signed; `undefined` for every other. */
    parseToken: (token: string): LinkTarget | undefined => {
      const [keyId, payload, mac, ...rest] = token.length > MAX_TOKEN_LENGTH ? [] : token.split('.');
      if (keyId === undefined || payload === undefined || mac === undefined || rest.length > 0) return undefined;
      const key = keys.find(({ id }) => base64url(id) === keyId);
      if (key === undefined || !isEqual(mac, signature(key, `${keyId}.${payload}`))) return undefined;
      const [onboardingId, runId] = JSON.parse(Buffer.from(payload, 'base64url').toString()) as [string, string];
      return { onboardingId, runId };
    },
  };
}

/** The URL of Microsoft's page for one attestation: a secret, because anyone who has it can accept. */
export function buildMicrosoftPageUrl(pageUrl: string, attestationId: string): string {
  const url = new URL(pageUrl);
  url.searchParams.set('attestationid', attestationId); // the page reads it in lower case only
  return url.href;
}

function signature(key: LinkKey, signed: string): string {
  return createHmac('sha256', key.secret).update(signed).digest('base64url');
}

/** Compares in constant time, and the text rather than the bytes: several base64url texts decode to the same bytes. */
function isEqual(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}
