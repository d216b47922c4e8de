/** What both the worker and the gateway read. */
import { z } from 'zod';
import type { LinkKey } from '../onboarding/acceptance-link';
import { type AllowedHost, type CallbackSettings, toComparableHost } from '../webhooks/callback-url';
import { type Environment, flag, list, listOf, logLevel, parse, requiredWith, type Rule, url } from './variables';

const LINK_KEY = /^(?<id>[A-Za-z0-9_-]{1,32}):(?<secret>[A-Za-z0-9+/_-]+={0,2})$/;
const MIN_LINK_KEY_BYTES = 32; // as long as the output of HMAC-SHA256
const HOST = /^(?<host>[^\s/:@?#[\]*]+|\[[0-9a-fA-F:.]+\])(:(?<port>\d{1,5}))?$/;
const SECRET = /^whsec_(?<key>.+)$/;
const MIN_SECRET_BYTES = 24; // Standard Webhooks asks for 24 to 64
const MAX_SECRET_BYTES = 64;

const nonEmptyItems = list.transform((items) => items.filter((item) => item !== ''));

export const sharedVariables = z.object({
  /** Temporal's own variables (TEMPORAL_ADDRESS, …) are read by `temporal/connection.ts`. */
  TEMPORAL_TASK_QUEUE: z.string().default('agreement-onboarding'),
  CRM_CALLBACK_ALLOWED_HOSTS: listOf(
    parseAllowedHost,
    'must be host or host:port, comma-separated, for example crm.example.com,hooks.example.com:8443',
    nonEmptyItems,
  ).optional(),
  CRM_CALLBACK_SECRETS: nonEmptyItems
    .refine(
      (items) => items.length > 0 && items.every(isSecret),
      'must be whsec_ and 24 to 64 bytes in base64, comma-separated; generate one with: ' +
        "node -p \"'whsec_' + crypto.randomBytes(32).toString('base64')\"",
    )
    .optional(),
  CRM_CALLBACK_ALLOW_PRIVATE: flag.default(false),
  /** The first signs, all verify. */
  ACCEPTANCE_LINK_KEYS: listOf(
    parseLinkKey,
    `must be id:base64,… with keys of at least ${MIN_LINK_KEY_BYTES} bytes; generate one with: ` +
      "node -p \"'k1:' + crypto.randomBytes(32).toString('base64')\"",
  )
    .refine(
      (keys) => new Set(keys.map(({ id }) => id)).size === keys.length,
      'uses a key id twice: give every key its own id',
    )
    .optional(),
  /** The gateway's address for signatories. */
  GATEWAY_PUBLIC_URL: url('https://onboarding.example.com').default('http://127.0.0.1:3000'),
  ALLOW_PRIMARY_CONTACT_METHOD: flag.default(false),
  LOG_LEVEL: logLevel,
});

/** @throws ConfigurationError */
export function readTemporalSettings(environment: Environment): { taskQueue: string } {
  const variables = sharedVariables.pick({ TEMPORAL_TASK_QUEUE: true });
  return { taskQueue: parse(variables, environment).TEMPORAL_TASK_QUEUE };
}

export const callbackRules: readonly Rule[] = [
  requiredWith(
    'CRM_CALLBACK_ALLOWED_HOSTS',
    'CRM_CALLBACK_SECRETS',
    'is missing: CRM_CALLBACK_ALLOWED_HOSTS is set, and no event is sent unsigned',
  ),
  requiredWith(
    'CRM_CALLBACK_SECRETS',
    'CRM_CALLBACK_ALLOWED_HOSTS',
    'is missing: CRM_CALLBACK_SECRETS is set, but no host may be called',
  ),
];

/** Undefined: no callbacks are configured. */
export function toCallbackSettings(variables: z.infer<typeof sharedVariables>): CallbackSettings | undefined {
  const { CRM_CALLBACK_ALLOWED_HOSTS: allowedHosts, CRM_CALLBACK_SECRETS: secrets } = variables;
  if (allowedHosts === undefined || secrets === undefined) return undefined;
  return { allowedHosts, secrets, allowPrivate: variables.CRM_CALLBACK_ALLOW_PRIVATE };
}

function parseLinkKey(text: string): LinkKey | undefined {
  const { id, secret } = LINK_KEY.exec(text)?.groups ?? {};
  if (id === undefined || secret === undefined) return undefined;
  const bytes = Buffer.from(secret, 'base64');
  return bytes.length >= MIN_LINK_KEY_BYTES ? { id, secret: bytes } : undefined;
}

function parseAllowedHost(text: string): AllowedHost | undefined {
  const { host, port } = HOST.exec(text)?.groups ?? {};
  if (host === undefined || !URL.canParse(`https://${text}`) || port === '0') return undefined;
  return { host: toComparableHost(new URL(`https://${host}`)), port: port === undefined ? undefined : Number(port) };
}

function isSecret(text: string): boolean {
  const key = SECRET.exec(text)?.groups?.['key'];
  if (key === undefined) return false;
  const bytes = Buffer.from(key, 'base64');
  // Node ignores characters that are not base64, so a key is valid only if encoding it again gives the same text.
  return bytes.toString('base64') === key && bytes.length >= MIN_SECRET_BYTES && bytes.length <= MAX_SECRET_BYTES;
}
