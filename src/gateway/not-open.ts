import type { OnboardingClient } from '../client/onboarding-client';
import { ProblemError } from './problem';

/** Why there is no open run: it ended. @throws WorkflowNotFoundError where there never was one. */
export async function notOpen(onboardings: OnboardingClient, id: string): Promise<ProblemError> {
  const { status } = await onboardings.summary(id);
  return ended(id, status);
}

export function ended(id: string, onboardingStatus: string): ProblemError {
  return new ProblemError('not-open', `Onboarding ${id} has ended: ${onboardingStatus}.`, { onboardingStatus });
}
