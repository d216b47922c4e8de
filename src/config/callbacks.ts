/** Where events may be sent, and what signs them: read by the gateway and by the worker. */
import { z } from 'zod';
import { type AllowedHost, type CallbackSettings, toComparableHost } from '../webhooks/callback-url';
import { flag, list, requiredWith, type Rule } from './variables';

const HOST = /^(?<host>[^\s/:@?#[\]*]+|\[[0-9a-fA-F:.]+\])(:(?<port>\d{1,5}))?$/;
const SECRET = /^whsec_(?<key>[A-Za-z0-9+/]+={0,2})$/;
const MIN_KEY_BYTES = 24; // Standard Webhooks asks for 24 to 64
const MAX_KEY_BYTES = 64;

const nonEmptyItems = list.transform((items) => items.filter((item) => item !== ''));

const allowedHosts = nonEmptyItems.transform((items, context): AllowedHost[] => {
  const hosts = items.map(parseAllowedHost).filter((host) => host !== undefined);
  if (hosts.length === 0 || hosts.length < items.length) {
    const message = 'must be host or host:port, comma-separated, for example crm.example.com,hooks.example.com:8443';
    context.addIssue({ code: 'custom', message });
  }
  return hosts;
});

const secrets = nonEmptyItems.refine((items) => items.length > 0 && items.every(isSecret), {
  error:
    'must be whsec_ and 24 to 64 bytes in base64, comma-separated; one comes from: ' +
    "node -p \"'whsec_' + crypto.randomBytes(32).toString('base64')\"",
});

export const callbackVariables = z.object({
  CRM_CALLBACK_ALLOWED_HOSTS: allowedHosts.optional(),
  CRM_CALLBACK_SECRETS: secrets.optional(),
  CRM_CALLBACK_ALLOW_PRIVATE: flag.default(false),
});

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
export function toCallbackSettings(variables: z.infer<typeof callbackVariables>): CallbackSettings | undefined {
  const { CRM_CALLBACK_ALLOWED_HOSTS: hosts, CRM_CALLBACK_SECRETS: keys } = variables;
  if (hosts === undefined || keys === undefined) return undefined;
  return { allowedHosts: hosts, secrets: keys, allowPrivate: variables.CRM_CALLBACK_ALLOW_PRIVATE };
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
  // Node skips what is not base64, so only a key that is written back the same was read whole.
  const isBase64 = bytes.toString('base64').replace(/=+$/, '') === key.replace(/=+$/, '') && key.length % 4 === 0;
  return isBase64 && bytes.length >= MIN_KEY_BYTES && bytes.length <= MAX_KEY_BYTES;
}
