import { z } from 'zod';
import type { AgreementSettings } from '../activities/agreement';
import type { PartnerCenterSettings } from '../partner-center';
import { logLevels, type LogLevel } from '../process/logging';
import type { CrmSettings } from '../webhooks';
import { type AcceptanceLinkSettings, acceptanceLinkVariables } from './acceptance-link';
import { crmSettingsOf, crmVariables, withBothOrNeither } from './crm';
import {
  deploymentVariables,
  type DeploymentVersion,
  deploymentVersionOf,
  withNameAndBuildOrNeither,
} from './deployment';
import { hasOneCredential, oneCredential, partnerCenterSettingsOf, partnerCenterVariables } from './partner-center';
import { type TemporalSettings, temporalVariables } from './temporal';
import { type Environment, flag, guid, type HostPort, hostPort, parse } from './variables';

export interface WorkerConfig extends TemporalSettings {
  partnerCenter: PartnerCenterSettings;
  agreement: AgreementSettings;
  /** Undefined: no callbacks. */
  callbacks: { crm: CrmSettings; acceptanceLinks: AcceptanceLinkSettings } | undefined;
  /** Server-side cap on calls to Partner Center, over all workers of the task queue. */
  requestsPerSecond?: number | undefined;
  /** Undefined: the worker takes every task of its queues. */
  deployment?: DeploymentVersion | undefined;
  logLevel: LogLevel;
  metricsAddress?: string | undefined;
  healthAddress?: HostPort | undefined;
}

const MCA_TEMPLATE_ID = '117a77b0-9360-443b-8795-c6dedc750cf9'; // the same in every Microsoft source since 2019

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
export function readWorkerConfig(environment: Environment): WorkerConfig {
  const variables = parse(
    withNameAndBuildOrNeither(
      withBothOrNeither(
        temporalVariables
          .extend(deploymentVariables.shape)
          .extend(partnerCenterVariables.shape)
          .extend(crmVariables.shape)
          .extend(acceptanceLinkVariables.shape)
          .extend(workerVariables.shape)
          .refine(hasOneCredential, oneCredential)
          .refine(canLinkWhereItTells, linkKeysMissing),
      ),
    ),
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
    callbacks: callbacksOf(variables),
    requestsPerSecond: variables.PARTNER_CENTER_REQUESTS_PER_SECOND,
    deployment: deploymentVersionOf(variables),
    logLevel: variables.LOG_LEVEL,
    metricsAddress: variables.METRICS_ADDRESS,
    healthAddress: variables.WORKER_HEALTH_ADDRESS,
  };
}

type CallbackVariables = z.infer<typeof crmVariables> & z.infer<typeof acceptanceLinkVariables>;

const linkKeysMissing = {
  path: ['ACCEPTANCE_LINK_KEYS'],
  error:
    'is missing: callbacks are configured, and their events carry the link of the signatory; set it, and GATEWAY_PUBLIC_URL, as for the gateway',
  when: () => true, // also when other variables are at fault: all of them are told at once
};

function canLinkWhereItTells(variables: CallbackVariables): boolean {
  return variables.CRM_CALLBACK_ALLOWED_HOSTS === undefined || variables.ACCEPTANCE_LINK_KEYS !== undefined;
}

function callbacksOf(variables: CallbackVariables): WorkerConfig['callbacks'] {
  const { ACCEPTANCE_LINK_KEYS: keys, GATEWAY_PUBLIC_URL: publicUrl } = variables;
  const crm = crmSettingsOf(variables);
  return crm && keys && { crm, acceptanceLinks: { keys, publicUrl } };
}
