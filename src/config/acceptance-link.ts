/** The keys and the address of the links to the signatory's page: read by the gateway and by the worker. */
import { z } from 'zod';
import type { LinkKey } from '../onboarding/acceptance-link';
import { list, url } from './variables';

const KEY = /^(?<id>[A-Za-z0-9_-]{1,32}):(?<secret>[A-Za-z0-9+/_-]+={0,2})$/;
const MIN_KEY_BYTES = 32; // as long as the HMAC-SHA256 that it makes

export interface AcceptanceLinkSettings {
  /** The first signs, all verify. */
  keys: LinkKey[];
  /** The gateway's address for signatories. */
  publicUrl: string;
}

const linkKeys = list.transform((items, context): LinkKey[] => {
  const keys = items.map(parseLinkKey).filter((key) => key !== undefined);
  if (keys.length < items.length) {
    const message =
      `must be id:base64,… with keys of at least ${MIN_KEY_BYTES} bytes; one comes from: ` +
      "node -p \"'k1:' + crypto.randomBytes(32).toString('base64')\"";
    context.addIssue({ code: 'custom', message });
  }
  if (new Set(keys.map(({ id }) => id)).size < keys.length) {
    context.addIssue({ code: 'custom', message: 'names one key id twice: give every key its own' });
  }
  return keys;
});

export const acceptanceLinkVariables = z.object({
  ACCEPTANCE_LINK_KEYS: linkKeys.optional(),
  GATEWAY_PUBLIC_URL: url('https://onboarding.example.com').default('http://127.0.0.1:3000'),
});

/** Undefined: no key is configured. */
export function toAcceptanceLinkSettings(
  variables: z.infer<typeof acceptanceLinkVariables>,
): AcceptanceLinkSettings | undefined {
  const { ACCEPTANCE_LINK_KEYS: keys, GATEWAY_PUBLIC_URL: publicUrl } = variables;
  return keys && { keys, publicUrl };
}

function parseLinkKey(text: string): LinkKey | undefined {
  const { id, secret } = KEY.exec(text)?.groups ?? {};
  if (id === undefined || secret === undefined) return undefined;
  const bytes = Buffer.from(secret, 'base64');
  return bytes.length >= MIN_KEY_BYTES ? { id, secret: bytes } : undefined;
}
