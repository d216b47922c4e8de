/** Temporal's own variables (TEMPORAL_ADDRESS, …) are read by `temporal/connection.ts`. */
import { z } from 'zod';
import { type Environment, parse, requiredWith, type Rule } from './variables';

export const temporalVariables = z.object({
  TEMPORAL_TASK_QUEUE: z.string().default('agreement-onboarding'),
});

/** @throws ConfigurationError */
export function readTemporalSettings(environment: Environment): { taskQueue: string } {
  return { taskQueue: parse(temporalVariables, environment).TEMPORAL_TASK_QUEUE };
}

/** The worker deployment and the build that a worker belongs to, named as in `@temporalio/worker`. */
export interface DeploymentVersion {
  deploymentName: string;
  buildId: string;
}

/**
 * Temporal's Kubernetes controller sets these two names. The server forbids "." and ":" in a deployment name and two
 * leading underscores in either; on PostgreSQL `name:build` is stored in a search attribute of 255 characters.
 */
export const deploymentVariables = z.object({
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
});

export const deploymentRules: readonly Rule[] = [
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
];

export function toDeploymentVersion(variables: z.infer<typeof deploymentVariables>): DeploymentVersion | undefined {
  const { TEMPORAL_DEPLOYMENT_NAME: deploymentName, TEMPORAL_WORKER_BUILD_ID: buildId } = variables;
  return deploymentName === undefined || buildId === undefined ? undefined : { deploymentName, buildId };
}
