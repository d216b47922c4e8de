import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalSecrets } from './local-secrets';
import type { StackSettings } from './settings';

/** What the simulator accepts as the partner's application. */
export interface DemoCredentials {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The variables with which any process of the product uses the local stack. */
export function stackEnvironment(settings: StackSettings, credentials: DemoCredentials): Record<string, string> {
  const { ports } = settings;
  const partnerCenter = `http://127.0.0.1:${ports.simulator.number}`;
  return {
    TEMPORAL_ADDRESS: `127.0.0.1:${ports.temporal.number}`,
    TEMPORAL_NAMESPACE: 'default',
    TEMPORAL_CONFIG_FILE: temporalConfigFile(settings),
    PARTNER_CENTER_BASE_URL: partnerCenter,
    PARTNER_CENTER_ACCEPTANCE_URL: `${partnerCenter}/mca/`,
    PARTNER_CENTER_TENANT_ID: credentials.tenantId,
    PARTNER_CENTER_CLIENT_ID: credentials.clientId,
    PARTNER_CENTER_CLIENT_SECRET: credentials.clientSecret,
    ENTRA_TOKEN_ENDPOINT: `${partnerCenter}/${credentials.tenantId}/oauth2/v2.0/token`,
  };
}

/** The variables with which events reach the simulator's CRM, which is told the secret that they are signed with. */
export function callbackEnvironment(
  { ports }: StackSettings,
  secrets: Pick<LocalSecrets, 'acceptanceLinkKeys' | 'crmCallbackSecrets'>,
): Record<string, string> {
  return {
    ACCEPTANCE_LINK_KEYS: secrets.acceptanceLinkKeys,
    CRM_CALLBACK_ALLOWED_HOSTS: `127.0.0.1:${ports.simulator.number}`,
    CRM_CALLBACK_SECRETS: secrets.crmCallbackSecrets,
    CRM_CALLBACK_ALLOW_PRIVATE: 'true',
  };
}

/** The variables of the gateway, and beside them the key with which to call it. */
export function gatewayEnvironment(
  { ports }: StackSettings,
  secrets: Pick<LocalSecrets, 'gatewayApiKey'>,
): Record<string, string> {
  const hash = createHash('sha256').update(secrets.gatewayApiKey).digest('hex');
  return {
    GATEWAY_PORT: String(ports.gateway.number),
    GATEWAY_PUBLIC_URL: `http://127.0.0.1:${ports.gateway.number}`,
    GATEWAY_API_KEYS: `local:${hash}`,
    GATEWAY_API_KEY: secrets.gatewayApiKey,
  };
}

/** `inherited` without what it says of other clusters, partners and simulators, which must not reach the local stack. */
export function withoutRealTargets(inherited: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ofATarget = /^(TEMPORAL|PARTNER_CENTER|ENTRA|SIMULATOR|CRM|GATEWAY|ACCEPTANCE)_/;
  return Object.fromEntries(Object.entries(inherited).filter(([name]) => !ofATarget.test(name)));
}

/** Writes the variables to `stack.env` in the state folder, for this user's eyes only, and the file they refer to. */
export async function writeStackFiles(settings: StackSettings, variables: Record<string, string>): Promise<void> {
  await mkdir(settings.stateFolder, { recursive: true });
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(join(settings.stateFolder, 'stack.env'), lines.join(''), { mode: 0o600 });
  await writeFile(temporalConfigFile(settings), '[profile.default]\n'); // the SDK does not read a file with no profile
}

/** Stands in for this user's own configuration, which may hold a key and TLS settings for a real cluster. */
function temporalConfigFile({ stateFolder }: StackSettings): string {
  return join(stateFolder, 'temporal.toml');
}
