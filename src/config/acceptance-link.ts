import { z } from 'zod';
import type { LinkKey } from '../onboarding/acceptance-link';
import { type Environment, parse, url } from './variables';

const KEY = /^(?<id>[A-Za-z0-9_-]{1,32}):(?<secret>[A-Za-z0-9+/_-]+={0,2})$/;
const SHORTEST_KEY_BYTES = 32; // as long as the HMAC-SHA256 that it makes

export interface AcceptanceLinkSettings {
  /** The first signs, all verify. */
  keys: LinkKey[];
  /** Where the gateway is reached from outside. */
  publicUrl: string;
}

const linkKeys = z.string().transform((text, context): LinkKey[] => {
  const keys = text.split(',').map((item) => linkKeyOf(item.trim()));
  const whole = keys.filter((key) => key !== undefined);
  if (whole.length < keys.length) {
    const message =
      `must be id:base64,… with keys of at least ${SHORTEST_KEY_BYTES} bytes; one comes from: ` +
      "node -p \"'k1:' + crypto.randomBytes(32).toString('base64')\"";
    context.addIssue({ code: 'custom', message });
  }
  if (new Set(whole.map(({ id }) => id)).size < whole.length) {
    context.addIssue({ code: 'custom', message: 'names one key id twice: give every key its own' });
  }
  return whole;
});

export const acceptanceLinkVariables = z.object({
  ACCEPTANCE_LINK_KEYS: linkKeys.optional(),
  GATEWAY_PUBLIC_URL: url('https://onboarding.example.com').default('http://127.0.0.1:3000'),
});

/** How links to the signatory's page are made; undefined where no key is configured. @throws ConfigurationError */
export function readAcceptanceLinkSettings(environment: Environment): AcceptanceLinkSettings | undefined {
  const { ACCEPTANCE_LINK_KEYS: keys, GATEWAY_PUBLIC_URL: publicUrl } = parse(acceptanceLinkVariables, environment);
  return keys && { keys, publicUrl };
}

function linkKeyOf(text: string): LinkKey | undefined {
  const { id, secret } = KEY.exec(text)?.groups ?? {};
  if (id === undefined || secret === undefined) return undefined;
  const bytes = Buffer.from(secret, 'base64');
  return bytes.length >= SHORTEST_KEY_BYTES ? { id, secret: bytes } : undefined;
}
