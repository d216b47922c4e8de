import { z } from 'zod';
import { acceptanceLinkVariables, toAcceptanceLinkSettings } from './acceptance-link';
import { callbackRules, callbackVariables, toCallbackSettings } from './callbacks';
import { partnerCenterRules, partnerCenterVariables, toPartnerCenterSettings } from './partner-center';
import { deploymentRules, deploymentVariables, temporalVariables, toDeploymentVersion } from './temporal';
import { type Environment, flag, guid, hostPort, logLevel, parse, requiredWith } from './variables';

export type WorkerConfig = ReturnType<typeof readWorkerConfig>;

/** What an agreement is created with where its onboarding leaves it open. */
export interface AgreementSettings {
  defaultUserId?: string;
  defaultTemplateId: string;
  allowPrimaryContactMethod: boolean;
}

const MCA_TEMPLATE_ID = '117a77b0-9360-443b-8795-c6dedc750cf9'; // the same in every Microsoft source since 2019

const workerVariables = z.object({
  ...temporalVariables.shape,
  ...deploymentVariables.shape,
  ...partnerCenterVariables.shape,
  ...callbackVariables.shape,
  ...acceptanceLinkVariables.shape,
  PARTNER_CENTER_USER_ID: guid('the object id of a user of the partner tenant').optional(),
  PARTNER_CENTER_TEMPLATE_ID: guid('the template id of the agreement').default(MCA_TEMPLATE_ID),
  PARTNER_CENTER_REQUESTS_PER_SECOND: z.coerce.number('must be a number').positive('must be above 0').optional(),
  ALLOW_PRIMARY_CONTACT_METHOD: flag.default(false),
  LOG_LEVEL: logLevel,
  METRICS_ADDRESS: hostPort.transform(({ host, port }) => `${host}:${port}`).optional(),
  WORKER_HEALTH_ADDRESS: hostPort.optional(),
});

const rules = [
  ...deploymentRules,
  ...partnerCenterRules,
  ...callbackRules,
  requiredWith(
    'CRM_CALLBACK_ALLOWED_HOSTS',
    'ACCEPTANCE_LINK_KEYS',
    'is missing: callbacks are configured, and their events carry the link of the signatory; set it, and GATEWAY_PUBLIC_URL, as for the gateway',
  ),
];

/** @throws ConfigurationError */
export function readWorkerConfig(environment: Environment) {
  const variables = parse(workerVariables, environment, rules);
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
    /** Set wherever `callbacks` is. */
    acceptanceLinks: toAcceptanceLinkSettings(variables),
    /** The server's cap on calls to Partner Center, over all workers of the task queue. */
    requestsPerSecond: variables.PARTNER_CENTER_REQUESTS_PER_SECOND,
    /** Undefined: the worker takes every task of its queues. */
    deployment: toDeploymentVersion(variables),
    logLevel: variables.LOG_LEVEL,
    metricsAddress: variables.METRICS_ADDRESS,
    healthAddress: variables.WORKER_HEALTH_ADDRESS,
  };
}
