import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { PartnerCenterSettings } from '../partner-center';
import { callbackRules, sharedVariables, toCallbackSettings } from './shared';
import { ConfigurationError, type Environment, guid, hostPort, parse, requiredWith, type Rule, url } from './variables';

export type WorkerConfig = ReturnType<typeof readWorkerConfig>;

/** Defaults of an agreement for what its onboarding does not specify. */
export interface AgreementSettings {
  defaultUserId?: string;
  defaultTemplateId: string;
  allowPrimaryContactMethod: boolean;
}

const MCA_TEMPLATE_ID = '117a77b0-9360-443b-8795-c6dedc750cf9'; // the same in every Microsoft source since 2019

const workerVariables = z.object({
  ...sharedVariables.shape,
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
  PARTNER_CENTER_USER_ID: guid('the object id of a user of the partner tenant').optional(),
  PARTNER_CENTER_TEMPLATE_ID: guid('the template id of the agreement').default(MCA_TEMPLATE_ID),
  PARTNER_CENTER_REQUESTS_PER_SECOND: z.coerce.number('must be a number').positive('must be above 0').optional(),
  // Temporal's Kubernetes controller sets these two. The server forbids "." and ":" in a deployment name and two leading
  // underscores in either; on PostgreSQL `name:build` is stored in a search attribute of 255 characters.
  TEMPORAL_DEPLOYMENT_NAME: z
    .string()
    .regex(
      /^(?!__)[\w/-]{1,127}$/,
      'must be at most 127 letters, digits, "-", "_" and "/", and not begin with two underscores',
    )
    .optional(),
  TEMPORAL_WORKER_BUILD_ID: z
    .string()
    .regex(
      /^(?!__)[\w./:@+-]{1,127}$/,
      'must be at most 127 letters, digits and any of ._-/:@+, and not begin with two underscores',
    )
    .optional(),
  METRICS_ADDRESS: hostPort.transform(({ host, port }) => `${host}:${port}`).optional(),
  WORKER_HEALTH_ADDRESS: hostPort.optional(),
});

const rules: readonly Rule[] = [
  requiredWith(
    'TEMPORAL_DEPLOYMENT_NAME',
    'TEMPORAL_WORKER_BUILD_ID',
    'is missing: TEMPORAL_DEPLOYMENT_NAME is set; set it to the name of this build, such as its image tag or commit',
  ),
  requiredWith(
    'TEMPORAL_WORKER_BUILD_ID',
    'TEMPORAL_DEPLOYMENT_NAME',
    'is missing: TEMPORAL_WORKER_BUILD_ID is set; set it to a name that all builds share, or unset both',
  ),
  (isSet) =>
    isSet('PARTNER_CENTER_CLIENT_SECRET') === isSet('PARTNER_CENTER_CLIENT_CERTIFICATE_PATH')
      ? 'PARTNER_CENTER_CLIENT_SECRET or PARTNER_CENTER_CLIENT_CERTIFICATE_PATH must be set, and only one of the two'
      : undefined,
  ...callbackRules,
  requiredWith(
    'CRM_CALLBACK_ALLOWED_HOSTS',
    'ACCEPTANCE_LINK_KEYS',
    'is missing: callbacks are configured, and their events carry the link of the signatory; set it and GATEWAY_PUBLIC_URL to the same values as for the gateway',
  ),
];

/** @throws ConfigurationError */
export function readWorkerConfig(environment: Environment) {
  const variables = parse(workerVariables, environment, rules);
  const { ACCEPTANCE_LINK_KEYS: keys, GATEWAY_PUBLIC_URL: publicUrl } = variables;
  const { TEMPORAL_DEPLOYMENT_NAME: deploymentName, TEMPORAL_WORKER_BUILD_ID: buildId } = variables;
  const agreement: AgreementSettings = {
    defaultUserId: variables.PARTNER_CENTER_USER_ID,
    defaultTemplateId: variables.PARTNER_CENTER_TEMPLATE_ID,
    allowPrimaryContactMethod: variables.ALLOW_PRIMARY_CONTACT_METHOD,
  };
  return {
    taskQueue: variables.TEMPORAL_TASK_QUEUE,
    partnerCenter: toPartnerCenterSettings(variables),
    agreement,
    callbacks: toCallbackSettings(variables),
    /** Set if `callbacks` is set. */
    acceptanceLinks: keys && { keys, publicUrl },
    /** The server's cap on calls to Partner Center, over all workers of the task queue. */
    requestsPerSecond: variables.PARTNER_CENTER_REQUESTS_PER_SECOND,
    /** Undefined: the worker takes every task of its queues. */
    deployment: deploymentName === undefined || buildId === undefined ? undefined : { deploymentName, buildId },
    logLevel: variables.LOG_LEVEL,
    metricsAddress: variables.METRICS_ADDRESS,
    healthAddress: variables.WORKER_HEALTH_ADDRESS,
  };
}

/** @throws ConfigurationError for a certificate that cannot be read */
function toPartnerCenterSettings(variables: z.infer<typeof workerVariables>): PartnerCenterSettings {
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
      `PARTNER_CENTER_CLIENT_CERTIFICATE_PATH names a file that cannot be read (${code}): set it to a PEM file with a private key and its certificate`,
    ]);
  }
}
