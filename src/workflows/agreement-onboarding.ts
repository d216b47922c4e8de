import type { OnboardingRequest } from '../onboarding/request';
import type { OnboardingResult } from '../onboarding/view';
import { OnboardingRun } from './onboarding-run';

/**
 * Brings one customer onto the Microsoft Customer Agreement: attestation → the customer's acceptance → agreement.
 * Business outcomes complete the run, a cancelled one closes as Cancelled, and only a defect fails it.
 */
export async function agreementOnboarding(request: OnboardingRequest): Promise<OnboardingResult> {
  const onboarding = new OnboardingRun(request); // state and handlers first: nothing may arrive unheard

  return onboarding.toItsEnd(async () => {
    const rejection = await onboarding.createAttestation();
    if (rejection) return rejection;

    for (;;) {
      const answer = await onboarding.customersAnswer();
      if (answer !== 'accepted') return answer;

      const agreement = await onboarding.createAgreement();
      if (agreement) return agreement;
      // Refused: the acceptance has not reached Partner Center. The customer is asked again.
    }
  });
}
