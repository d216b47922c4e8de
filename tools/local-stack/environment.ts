import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { demoCredentials } from '../../simulator/index';
import { createPrivateFolder, type LocalSecrets, type StackSettings, writePrivateFile } from './settings';

export type Environment = Record<string, string>;

/** Every variable that configures the product or its Temporal client, whether the stack sets it or not. */
const PRODUCT_VARIABLE = /^(TEMPORAL|PARTNER_CENTER|ENTRA|SIMULATOR|CRM|GATEWAY|ACCEPTANCE)_/;

/** Variables that a local stack takes from its environment: none points it to the real Partner Center, Entra or Temporal. */
const ALLOWED_VARIABLES = [
  'PARTNER_CENTER_API_VERSION',
  'PARTNER_CENTER_SCOPE',
  'PARTNER_CENTER_USER_ID',
  'PARTNER_CENTER_TEMPLATE_ID',
  'PARTNER_CENTER_REQUESTS_PER_SECOND',
  'PARTNER_CENTER_TIMEOUT_SECONDS',
  'ALLOW_PRIMARY_CONTACT_METHOD',
  'TEMPORAL_TASK_QUEUE',
  'TEMPORAL_DEPLOYMENT_NAME',
  'TEMPORAL_WORKER_BUILD_ID',
  'GATEWAY_PUBLIC_URL',
  'GATEWAY_HOST',
  'GATEWAY_FRAME_ANCESTORS',
  'GATEWAY_TRUSTED_PROXIES',
  'GATEWAY_REQUESTS_PER_MINUTE',
  'GATEWAY_METRICS_ADDRESS',
];

/** Variables that this program reads itself or combines with the stack's own value, so they are never ignored. */
const READ_BY_THE_STACK =
  /^(TEMPORAL_(PORT|UI_PORT|CLI_PATH|TEST_SERVER_PATH|SDK_DOWNLOAD)|SIMULATOR_PORT|GATEWAY_PORT|GATEWAY_API_KEYS|ACCEPTANCE_LINK_KEYS|CRM_CALLBACK_ALLOWED_HOSTS|CRM_CALLBACK_SECRETS)$/;

/** The variables that point any process of the product to the local stack. */
export function getStackEnvironment({ ports, stateFolder }: StackSettings): Environment {
  const partnerCenter = `http://127.0.0.1:${ports.simulator}`;
  const { tenantId, clientId, clientSecret } = demoCredentials;
  return {
    TEMPORAL_ADDRESS: `127.0.0.1:${ports.temporal}`,
    TEMPORAL_NAMESPACE: 'default',
    TEMPORAL_CONFIG_FILE: getTemporalConfigFile(stateFolder),
    PARTNER_CENTER_BASE_URL: partnerCenter,
    PARTNER_CENTER_ACCEPTANCE_URL: `${partnerCenter}/mca/`,
    PARTNER_CENTER_TENANT_ID: tenantId,
    PARTNER_CENTER_CLIENT_ID: clientId,
    PARTNER_CENTER_CLIENT_SECRET: clientSecret,
    ENTRA_TOKEN_ENDPOINT: `${partnerCenter}/${tenantId}/oauth2/v2.0/token`,
  };
}

/** The variables for sending events, with acceptance links, to the simulator's CRM and to the hosts in `given`. */
export function getCallbackEnvironment(
  { ports }: Pick<StackSettings, 'ports'>,
  secrets: Pick<LocalSecrets, 'acceptanceLinkKeys' | 'crmCallbackSecrets'>,
  given: NodeJS.ProcessEnv = {},
): Environment {
  return {
    // The first key signs and all of them verify, so that links signed before a change of keys stay valid
    ACCEPTANCE_LINK_KEYS: joinLists(given['ACCEPTANCE_LINK_KEYS'], secrets.acceptanceLinkKeys),
    CRM_CALLBACK_ALLOWED_HOSTS: joinLists(`127.0.0.1:${ports.simulator}`, given['CRM_CALLBACK_ALLOWED_HOSTS']),
    CRM_CALLBACK_SECRETS: joinLists(secrets.crmCallbackSecrets, given['CRM_CALLBACK_SECRETS']), // each one signs
    CRM_CALLBACK_ALLOW_PRIVATE: 'true', // the simulator's address is private
    SIMULATOR_CRM_SECRET: secrets.crmCallbackSecrets,
  };
}

/**
 * All variables of the stack: its own, and those of `given` that do not point to the real Partner Center, Entra or another
 * Temporal. GATEWAY_API_KEY is for callers of the gateway.
 */
export function composeEnvironment(
  settings: StackSettings,
  secrets: LocalSecrets,
  given: NodeJS.ProcessEnv,
): Environment {
  const hash = createHash('sha256').update(secrets.gatewayApiKey).digest('hex');
  return {
    GATEWAY_PUBLIC_URL: `http://127.0.0.1:${settings.ports.gateway}`,
    ...Object.fromEntries(ALLOWED_VARIABLES.flatMap((name) => (given[name] ? [[name, given[name]]] : []))),
    ...getStackEnvironment(settings),
    ...getCallbackEnvironment(settings, secrets, given),
    GATEWAY_PORT: String(settings.ports.gateway),
    GATEWAY_API_KEYS: joinLists(`local:${hash}`, given['GATEWAY_API_KEYS']),
    GATEWAY_API_KEY: secrets.gatewayApiKey,
  };
}

/** The names of the product's variables in `given` that the stack ignores in favour of its own `environment`. */
export function getIgnoredVariables(given: NodeJS.ProcessEnv, environment: Environment): string[] {
  return Object.keys(given)
    .filter((name) => PRODUCT_VARIABLE.test(name) && !READ_BY_THE_STACK.test(name))
    .filter((name) => given[name] !== '' && given[name] !== environment[name])
    .toSorted();
}

/** `environment` without the product's variables, which may name a real partner, gateway or Temporal. */
export function withoutProductVariables(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !PRODUCT_VARIABLE.test(name)));
}

/** Writes the variables to `stack.env`, for `--env-file`, and the file that TEMPORAL_CONFIG_FILE names. */
export async function writeEnvironmentFiles(
  { stateFolder }: Pick<StackSettings, 'stateFolder'>,
  variables: Environment,
): Promise<void> {
  await createPrivateFolder(stateFolder);
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
  await writePrivateFile(join(stateFolder, 'stack.env'), lines.join(''));
  await writePrivateFile(getTemporalConfigFile(stateFolder), '[profile.default]\n'); // without a profile the SDK skips it
}

/** Writes `stack.json`, in which the command line finds the stack that is running in this checkout. */
export async function announceStack(
  { stateFolder }: Pick<StackSettings, 'stateFolder'>,
  environment: Environment,
): Promise<void> {
  const content = JSON.stringify({ pid: process.pid, environment }, undefined, 2);
  await writePrivateFile(join(stateFolder, 'stack.json'), `${content}\n`);
}

export async function withdrawStack({ stateFolder }: Pick<StackSettings, 'stateFolder'>): Promise<void> {
  await rm(join(stateFolder, 'stack.json'), { force: true });
}

/** Used instead of the user's Temporal configuration, which may hold a key and TLS settings for a real cluster. */
function getTemporalConfigFile(stateFolder: string): string {
  return join(stateFolder, 'temporal.toml');
}

function joinLists(...lists: (string | undefined)[]): string {
  return lists.filter(Boolean).join(',');
}
