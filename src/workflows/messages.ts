import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Acceptance, DeclineCode, PageVisit, Receipt } from '../onboarding/acceptance';
import type { OnboardingView } from '../onboarding/view';

/** What an onboarding hears and answers. Outside callers depend on these names: add, never rename. */

/** "The customer has accepted." Stored at once, also while no worker runs; never answered. */
export const customerAcceptedSignal = defineSignal<[Acceptance?]>('customerAccepted');

/** Tells a parked run to go on from where it stood; not heard at any other time. */
export const retrySignal = defineSignal('retry');

/** The same as `customerAccepted`, with an answer: the receipt, or the reason why it is too early or too late. */
export const recordAcceptanceUpdate = defineUpdate<Receipt, [Acceptance]>('recordAcceptance');

/** The customer does not accept: ends the run, unless an acceptance stands. */
export const declineUpdate = defineUpdate<{ declinedAt: string }, [{ code: DeclineCode; comment?: string }]>('decline');

/** What a press on the page does when the attestation has run out: mints the next one; answers with the live one. */
export const renewAttestationUpdate = defineUpdate<{ round: number; expiresAt: string }>('renewAttestation');

/** The signatory's page was opened or its frame was used; only the first and the last of each are kept. */
export const pageVisitedSignal = defineSignal<[PageVisit]>('pageVisited');

export const onboardingStatusQuery = defineQuery<OnboardingView>('onboardingStatus');
