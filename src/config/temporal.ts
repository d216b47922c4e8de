import { z } from 'zod';
import { type Environment, parse } from './variables';

/** Temporal's own variables (TEMPORAL_ADDRESS, …) are read by `temporal/connection.ts`. */
export interface TemporalSettings {
  taskQueue: string;
}

export const temporalVariables = z.object({
  TEMPORAL_TASK_QUEUE: z.string().default('agreement-onboarding'),
});

/** @throws ConfigurationError */
export function readTemporalSettings(environment: Environment): TemporalSettings {
  return { taskQueue: parse(temporalVariables, environment).TEMPORAL_TASK_QUEUE };
}
