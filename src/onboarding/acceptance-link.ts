import { createHmac, timingSafeEqual } from 'node:crypto';

/** A key that signs and verifies links; the first of several signs, so that keys can rotate. */
export interface LinkKey {
  id: string;
  secret: Uint8Array;
}

/** What a link is for: one run of one deal. Whether it may still be used, the run decides. */
export interface LinkTarget {
  /** `dealId` or `resellerId:dealId`. */
  onboardingId: string;
  runId: string;
}

export interface AcceptanceLinks {
  /** The page's address for the signatory. */
  urlOf(target: LinkTarget): string;
  tokenOf(target: LinkTarget): string;
  /** The target of a token that one of the keys has signed; `undefined` for every other. */
  read(token: string): LinkTarget | undefined;
}

const MAX_TOKEN_LENGTH = 512; // an id of 191 characters, a run id, a key id and the signature are below it

/**
 * Signed links to the signatory's page: `key id . payload . HMAC-SHA256`, each part in base64url. They carry ids and no
 * person's data, never the attestation's id, and have no end of their own.
 */
export function acceptanceLinks(keys: readonly LinkKey[], publicUrl: string): AcceptanceLinks {
  const [signing] = keys;
  if (signing === undefined) throw new Error('ACCEPTANCE_LINK_KEYS must hold at least one key.');

  const tokenOf = ({ onboardingId, runId }: LinkTarget): string => {
    const signed = `${base64url(signing.id)}.${base64url(JSON.stringify([onboardingId, runId]))}`;
    return `${signed}.${signature(signing, signed)}`;
  };
  return {
    tokenOf,
    urlOf: (target) => `${publicUrl.replace(/\/+$/, '')}/accept/${tokenOf(target)}`,
    read: (token) => {
      const [keyId, payload, mac, ...rest] = token.length > MAX_TOKEN_LENGTH ? [] : token.split('.');
      if (keyId === undefined || payload === undefined || mac === undefined || rest.length > 0) return undefined;
      const key = keys.find(({ id }) => base64url(id) === keyId);
      if (key === undefined || !isEqual(mac, signature(key, `${keyId}.${payload}`))) {
        return undefined;
      }
      const [onboardingId, runId] = JSON.parse(Buffer.from(payload, 'base64url').toString()) as [string, string];
      return { onboardingId, runId };
    },
  };
}

function signature(key: LinkKey, signed: string): string {
  return createHmac('sha256', key.secret).update(signed).digest('base64url');
}

/** In constant time, and as written: the last letter of a signature has two bits to spare, so others decode to it too. */
function isEqual(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}
