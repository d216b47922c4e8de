import { z } from 'zod';
import { RESELLER_ID } from '../onboarding/ids';
import { callbackRules, sharedVariables, toCallbackSettings } from './shared';
import { type Environment, hostPort, list, listOf, parse, url } from './variables';

/** A caller's key as configuration holds it: its name and hash, never the key. */
export interface ApiKey {
  name: string;
  /** The key starts and sees the deals of this reseller only. */
  resellerId?: string;
  sha256: Buffer;
}

const API_KEY = new RegExp(`^(?<name>[A-Za-z0-9._-]{1,64})(@(?<resellerId>${RESELLER_ID}))?:(?<hash>[0-9a-f]{64})$`);

const apiKeys = listOf(
  parseApiKey,
  'must be name:sha256hex or name@resellerId:sha256hex, comma-separated, with the SHA-256 of each key, never the key; ' +
    'for a key in KEY: printf %s "$KEY" | sha256sum',
);

const gatewayVariables = z.object({
  ...sharedVariables.shape,
  ACCEPTANCE_LINK_KEYS: z
    .string('is missing: set it to the keys that sign the links of signatories, as id:base64,…')
    .pipe(sharedVariables.shape.ACCEPTANCE_LINK_KEYS.unwrap()),
  PARTNER_CENTER_ACCEPTANCE_URL: url('https://cdn.partner.microsoft.com/mca/').default(
    'https://cdn.partner.microsoft.com/mca/',
  ),
  GATEWAY_HOST: z.string().default('127.0.0.1'),
  GATEWAY_PORT: z.coerce
    .number('must be a port')
    .int('must be a port')
    .min(0, 'must be a port from 0 (any free one) to 65535')
    .max(65_535, 'must be a port from 0 (any free one) to 65535')
    .default(3000),
  GATEWAY_API_KEYS: z
    .string('is missing: set it to the names and hashes of the keys that callers hold, as name:sha256hex,…')
    .pipe(apiKeys),
  GATEWAY_FRAME_ANCESTORS: list
    .refine((items) => items.every(isOrigin), 'must be origins such as https://portal.example.com, comma-separated')
    .default([]),
  GATEWAY_TRUSTED_PROXIES: list.default([]),
  GATEWAY_REQUESTS_PER_MINUTE: z.coerce.number('must be a number').int().min(1, 'must be at least 1').default(1_200),
  GATEWAY_METRICS_ADDRESS: hostPort.optional(), // not METRICS_ADDRESS: on one machine that is the worker's
});

/** @throws ConfigurationError */
export function readGatewayConfig(environment: Environment) {
  const variables = parse(gatewayVariables, environment, callbackRules);
  return {
    taskQueue: variables.TEMPORAL_TASK_QUEUE,
    host: variables.GATEWAY_HOST,
    port: variables.GATEWAY_PORT,
    apiKeys: variables.GATEWAY_API_KEYS,
    acceptanceLinks: { keys: variables.ACCEPTANCE_LINK_KEYS, publicUrl: variables.GATEWAY_PUBLIC_URL },
    /** Microsoft's page, in whose window the customer accepts. */
    microsoftPageUrl: variables.PARTNER_CENTER_ACCEPTANCE_URL,
    frameAncestors: variables.GATEWAY_FRAME_ANCESTORS,
    /** Addresses or networks whose `X-Forwarded-For` is trusted. */
    trustedProxies: variables.GATEWAY_TRUSTED_PROXIES,
    callbacks: toCallbackSettings(variables),
    allowPrimaryContactMethod: variables.ALLOW_PRIMARY_CONTACT_METHOD,
    requestsPerMinute: variables.GATEWAY_REQUESTS_PER_MINUTE,
    /** Undefined: `/metrics` is served on the port of the API. */
    metricsAddress: variables.GATEWAY_METRICS_ADDRESS,
    logLevel: variables.LOG_LEVEL,
  };
}

/** Microsoft's page, in whose window the customer accepts. @throws ConfigurationError */
export function readMicrosoftPageUrl(environment: Environment): string {
  const variables = gatewayVariables.pick({ PARTNER_CENTER_ACCEPTANCE_URL: true });
  return parse(variables, environment).PARTNER_CENTER_ACCEPTANCE_URL;
}

function parseApiKey(text: string): ApiKey | undefined {
  const { name, resellerId, hash } = API_KEY.exec(text)?.groups ?? {};
  return name === undefined || hash === undefined ? undefined : { name, resellerId, sha256: Buffer.from(hash, 'hex') };
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text && /^https?:/.test(text);
}
