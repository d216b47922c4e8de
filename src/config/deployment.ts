import { z } from 'zod';
import { allOrNone } from './variables';

/** Which build of which worker deployment a worker is, by the words of `@temporalio/worker`. */
export interface DeploymentVersion {
  deploymentName: string;
  buildId: string;
}

/**
 * Temporal's controller for Kubernetes hands them to its workers by these names. The server forbids "." and ":" in a name
 * and two underscores before either; on PostgreSQL `name:build` stands in a search attribute of 255 characters.
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
type DeploymentVariables = z.infer<typeof deploymentVariables>;

/** Adds the rule that name and build come together to a schema that holds the variables of a deployment. */
export function withNameAndBuildOrNeither<T extends z.ZodType<DeploymentVariables>>(schema: T): T {
  return allOrNone<z.ZodType<DeploymentVariables>>(schema, {
    TEMPORAL_WORKER_BUILD_ID:
      'is missing: TEMPORAL_DEPLOYMENT_NAME is set; set it to the name of this build, such as its image tag or commit',
    TEMPORAL_DEPLOYMENT_NAME:
      'is missing: TEMPORAL_WORKER_BUILD_ID is set; set it to a name that all builds share, or unset both',
  }) as T;
}

export function deploymentVersionOf(variables: DeploymentVariables): DeploymentVersion | undefined {
  const { TEMPORAL_DEPLOYMENT_NAME: deploymentName, TEMPORAL_WORKER_BUILD_ID: buildId } = variables;
  return deploymentName === undefined || buildId === undefined ? undefined : { deploymentName, buildId };
}
