import type { Client } from '@temporalio/client';
import { readSummary } from '../client/summary';
import { ProblemError } from './problem';

/** Why there is no open run: it ended. @throws WorkflowNotFoundError where there never was one. */
export async function notOpen(client: Client, id: string): Promise<ProblemError> {
  const { status } = await readSummary(client, id);
  return ended(id, status);
}

export function ended(id: string, onboardingStatus: string): ProblemError {
  return new ProblemError('not-open', `Onboarding ${id} has ended: ${onboardingStatus}.`, { onboardingStatus });
}
