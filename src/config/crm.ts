import { z } from 'zod';
import { type AllowedHost, comparableHost, type CrmSettings } from '../webhooks';
import { allOrNone, type Environment, flag, parse } from './variables';

const HOST = /^(?<host>[^\s/:@?#[\]*]+|\[[0-9a-fA-F:.]+\])(:(?<port>\d{1,5}))?$/;
const SECRET = /^whsec_(?<key>[A-Za-z0-9+/]+={0,2})$/;
const SHORTEST_KEY_BYTES = 24; // Standard Webhooks asks for 24 to 64
const LONGEST_KEY_BYTES = 64;

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

export const crmVariables = z.object({
  CRM_CALLBACK_ALLOWED_HOSTS: list
    .refine((hosts) => hosts.length > 0 && hosts.every((host) => allowedHostOf(host) !== undefined), {
      error: 'must be host or host:port, comma-separated, for example crm.example.com,hooks.example.com:8443',
    })
    .transform((hosts) => hosts.map((host) => allowedHostOf(host)!))
    .optional(),
  CRM_CALLBACK_SECRETS: list
    .refine((secrets) => secrets.length > 0 && secrets.every(isSecret), {
      error:
        'must be whsec_ and 24 to 64 bytes in base64, comma-separated; one comes from: ' +
        "node -p \"'whsec_' + crypto.randomBytes(32).toString('base64')\"",
    })
    .optional(),
  CRM_CALLBACK_ALLOW_PRIVATE: flag.default(false),
});
type CrmVariables = z.infer<typeof crmVariables>;

/** Where events may go and what signs them; undefined where no callbacks are configured. @throws ConfigurationError */
export function readCrmSettings(environment: Environment): CrmSettings | undefined {
  return crmSettingsOf(parse(withBothOrNeither(crmVariables), environment));
}

/** Adds the rule that hosts and secrets come together to a schema that holds the variables of callbacks. */
export function withBothOrNeither<T extends z.ZodType<CrmVariables>>(schema: T): T {
  return allOrNone<z.ZodType<CrmVariables>>(schema, {
    CRM_CALLBACK_SECRETS: 'is missing: CRM_CALLBACK_ALLOWED_HOSTS is set, and no event is sent unsigned',
    CRM_CALLBACK_ALLOWED_HOSTS: 'is missing: CRM_CALLBACK_SECRETS is set, but no host may be called',
  }) as T;
}

export function crmSettingsOf(variables: CrmVariables): CrmSettings | undefined {
  const { CRM_CALLBACK_ALLOWED_HOSTS: allowedHosts, CRM_CALLBACK_SECRETS: secrets } = variables;
  if (allowedHosts === undefined || secrets === undefined) return undefined;
  return { allowedHosts, secrets, allowPrivate: variables.CRM_CALLBACK_ALLOW_PRIVATE };
}

function allowedHostOf(text: string): AllowedHost | undefined {
  const { host, port } = HOST.exec(text)?.groups ?? {};
  if (host === undefined || !URL.canParse(`https://${text}`) || port === '0') return undefined;
  return { host: comparableHost(new URL(`https://${host}`)), ...(port !== undefined && { port: Number(port) }) };
}

function isSecret(text: string): boolean {
  const key = SECRET.exec(text)?.groups?.['key'];
  if (key === undefined) return false;
  const bytes = Buffer.from(key, 'base64');
  return (
    bytes.toString('base64').replace(/=+$/, '') === key.replace(/=+$/, '') &&
    key.length % 4 === 0 &&
    bytes.length >= SHORTEST_KEY_BYTES &&
    bytes.length <= LONGEST_KEY_BYTES
  );
}
