import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { AgreementSettings } from './activities/agreement';
import type { PartnerCenterSettings } from './partner-center';

/** Temporal's own variables (TEMPORAL_ADDRESS, …) are read by `temporal/connection.ts`. */
export interface TemporalSettings {
  taskQueue: string;
}

export interface WorkerConfig extends TemporalSettings {
  partnerCenter: PartnerCenterSettings;
  agreement: AgreementSettings;
  /** Server-side cap on calls to Partner Center, over all workers of the task queue. */
  requestsPerSecond?: number | undefined;
  logLevel: LogLevel;
  metricsAddress?: string | undefined;
  healthAddress?: HostPort | undefined;
}

export interface HostPort {
  host: string;
  port: number;
}

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** The environment does not fit: every fault at once, by name, with the mend. Values are never repeated. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  constructor(readonly faults: readonly string[]) {
    super(`The configuration is not complete:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

export type Environment = Record<string, string | undefined>;

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MCA_TEMPLATE_ID = '117a77b0-9360-443b-8795-c6dedc750cf9'; // the same in every Microsoft source since 2019

const url = (example: string) => z.url({ protocol: /^https?$/, error: `must be a URL such as ${example}` });
const guid = (what: string) => z.string(`is missing: set it to ${what}`).regex(GUID, `must be ${what}, a GUID`);
const flag = z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true');
const hostPort = z
  .string()
  .regex(/^\[?[^\s]+\]?:\d{1,5}$/, 'must be host:port, for example 127.0.0.1:9090')
  .transform((value): HostPort => {
    const colon = value.lastIndexOf(':');
    return { host: value.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(value.slice(colon + 1)) };
  });

const temporalVariables = z.object({
  TEMPORAL_TASK_QUEUE: z.string().default('agreement-onboarding'),
});

const partnerCenterVariables = z.object({
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

const workerVariables = z.object({
  PARTNER_CENTER_USER_ID: guid('the object id of a user of the partner tenant').optional(),
  PARTNER_CENTER_TEMPLATE_ID: guid('the template id of the agreement').default(MCA_TEMPLATE_ID),
  PARTNER_CENTER_REQUESTS_PER_SECOND: z.coerce.number('must be a number').positive('must be above 0').optional(),
  ALLOW_PRIMARY_CONTACT_METHOD: flag.default(false),
  LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
  METRICS_ADDRESS: hostPort.transform(({ host, port }) => `${host}:${port}`).optional(),
  WORKER_HEALTH_ADDRESS: hostPort.optional(),
});

/** @throws ConfigurationError */
export function readTemporalSettings(environment: Environment): TemporalSettings {
  return { taskQueue: parse(temporalVariables, environment).TEMPORAL_TASK_QUEUE };
}

/** @throws ConfigurationError */
export function readPartnerCenterSettings(environment: Environment): PartnerCenterSettings {
  return partnerCenterSettingsOf(parse(partnerCenterVariables.refine(hasOneCredential, oneCredential), environment));
}

/** @throws ConfigurationError */
export function readWorkerConfig(environment: Environment): WorkerConfig {
  const variables = parse(
    temporalVariables
      .extend(partnerCenterVariables.shape)
      .extend(workerVariables.shape)
      .refine(hasOneCredential, oneCredential),
    environment,
  );
  return {
    taskQueue: variables.TEMPORAL_TASK_QUEUE,
    partnerCenter: partnerCenterSettingsOf(variables),
    agreement: {
      defaultUserId: variables.PARTNER_CENTER_USER_ID,
      defaultTemplateId: variables.PARTNER_CENTER_TEMPLATE_ID,
      allowPrimaryContactMethod: variables.ALLOW_PRIMARY_CONTACT_METHOD,
    },
    requestsPerSecond: variables.PARTNER_CENTER_REQUESTS_PER_SECOND,
    logLevel: variables.LOG_LEVEL,
    metricsAddress: variables.METRICS_ADDRESS,
    healthAddress: variables.WORKER_HEALTH_ADDRESS,
  };
}

const oneCredential = {
  path: ['PARTNER_CENTER_CLIENT_SECRET'],
  error: 'or PARTNER_CENTER_CLIENT_CERTIFICATE_PATH must be set, and only one of the two',
  when: () => true, // also when other variables are at fault: all of them are told at once
};

function hasOneCredential(variables: {
  PARTNER_CENTER_CLIENT_SECRET?: string | undefined;
  PARTNER_CENTER_CLIENT_CERTIFICATE_PATH?: string | undefined;
}): boolean {
  const { PARTNER_CENTER_CLIENT_SECRET: secret, PARTNER_CENTER_CLIENT_CERTIFICATE_PATH: path } = variables;
  return (secret === undefined) !== (path === undefined);
}

function partnerCenterSettingsOf(variables: z.infer<typeof partnerCenterVariables>): PartnerCenterSettings {
  const secret = variables.PARTNER_CENTER_CLIENT_SECRET;
  const certificatePath = variables.PARTNER_CENTER_CLIENT_CERTIFICATE_PATH;
  return {
    baseUrl: variables.PARTNER_CENTER_BASE_URL,
    apiVersion: variables.PARTNER_CENTER_API_VERSION,
    timeoutMs: variables.PARTNER_CENTER_TIMEOUT_SECONDS * 1000,
    credentials: {
      tenantId: variables.PARTNER_CENTER_TENANT_ID,
      clientId: variables.PARTNER_CENTER_CLIENT_ID,
      ...(secret !== undefined && { clientSecret: secret }),
      ...(certificatePath !== undefined && { clientCertificatePem: readPem(certificatePath) }),
      scope: variables.PARTNER_CENTER_SCOPE,
      ...(variables.ENTRA_TOKEN_ENDPOINT !== undefined && { tokenEndpoint: variables.ENTRA_TOKEN_ENDPOINT }),
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

/** A variable set to nothing counts as not set: that is how compose files and shells say "none". */
function parse<T extends z.ZodType>(schema: T, environment: Environment): z.infer<T> {
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const result = schema.safeParse(set);
  if (result.success) return result.data;
  throw new ConfigurationError(
    result.error.issues.map((issue) => `${issue.path.map(String).join('.')} ${issue.message}`),
  );
}
