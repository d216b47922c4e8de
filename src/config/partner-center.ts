/** Partner Center and the credentials for it: read by the worker. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { PartnerCenterSettings } from '../partner-center';
import { ConfigurationError, guid, type Rule, url } from './variables';

export const partnerCenterVariables = z.object({
  PARTNER_CENTER_BASE_URL: url('https://api.partnercenter.microsoft.com').default(
    'https://api.partnercenter.microsoft.com',
  ),
  PARTNER_CENTER_API_VERSION: z
    .string()
    .regex(/^v\d+$/, 'must be a version such as v1')
    .default('v1'),
  PARTNER_CENTER_TENANT_ID: z.string('is missing: set it to your partner tenant, a GUID or a domain name'),
  PARTNER_CENTER_CLIENT_ID: guid('the application (client) id of the app registration'),
  PARTNER_CENTER_CLIENT_SECRET: z.string().optional(),
  PARTNER_CENTER_CLIENT_CERTIFICATE_PATH: z.string().optional(),
  PARTNER_CENTER_SCOPE: z.string().default('https://api.partnercenter.microsoft.com/.default'),
  ENTRA_TOKEN_ENDPOINT: url('http://127.0.0.1:4010/…/oauth2/v2.0/token').optional(),
  PARTNER_CENTER_TIMEOUT_SECONDS: z.coerce
    .number('must be a number of seconds')
    .min(1, 'must be at least 1')
    .max(60, 'must be at most 60: two calls and two tokens have to fit into one attempt of 150 s')
    .default(30),
});

export const partnerCenterRules: readonly Rule[] = [
  (isSet) =>
    isSet('PARTNER_CENTER_CLIENT_SECRET') === isSet('PARTNER_CENTER_CLIENT_CERTIFICATE_PATH')
      ? 'PARTNER_CENTER_CLIENT_SECRET or PARTNER_CENTER_CLIENT_CERTIFICATE_PATH must be set, and only one of the two'
      : undefined,
];

/** @throws ConfigurationError for a certificate that cannot be read */
export function toPartnerCenterSettings(variables: z.infer<typeof partnerCenterVariables>): PartnerCenterSettings {
  const certificatePath = variables.PARTNER_CENTER_CLIENT_CERTIFICATE_PATH;
  return {
    baseUrl: variables.PARTNER_CENTER_BASE_URL,
    apiVersion: variables.PARTNER_CENTER_API_VERSION,
    timeoutMs: variables.PARTNER_CENTER_TIMEOUT_SECONDS * 1000,
    credentials: {
      tenantId: variables.PARTNER_CENTER_TENANT_ID,
      clientId: variables.PARTNER_CENTER_CLIENT_ID,
      clientSecret: variables.PARTNER_CENTER_CLIENT_SECRET,
      clientCertificatePem: certificatePath === undefined ? undefined : readPem(certificatePath),
      scope: variables.PARTNER_CENTER_SCOPE,
      tokenEndpoint: variables.ENTRA_TOKEN_ENDPOINT,
    },
  };
}

function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new ConfigurationError([
      `PARTNER_CENTER_CLIENT_CERTIFICATE_PATH names a file that cannot be read (${code}): give a PEM with key and certificate`,
    ]);
  }
}
