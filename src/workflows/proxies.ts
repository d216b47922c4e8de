import { ActivityCancellationType, type ActivityOptions, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities';
import { failureRules, failureTypes } from '../onboarding/failures';

const partnerCenterCall: ActivityOptions = {
  startToCloseTimeout: '150s', // two HTTP calls of at most 60 s (the second after a 401), two token calls, and some air
  heartbeatTimeout: '10s', // a dead worker is noticed by then; a normal call is over before its first heartbeat
  scheduleToCloseTimeout: '24h', // longer outages of Partner Center need a human to know of them
  // An answer that is on its way decides the outcome, also of a cancelled run.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: {
    initialInterval: '1s',
    backoffCoefficient: 2,
    maximumInterval: '1 minute',
    // Each failure says the same of itself; listed here too, the rule stands in every history.
    nonRetryableErrorTypes: failureTypes.filter((type) => !failureRules[type].retried),
  },
};

export const { createAttestation } = proxyActivities<Pick<Activities, 'createAttestation'>>({
  ...partnerCenterCall,
  summary: 'Create attestation',
});

export const { createAgreement } = proxyActivities<Pick<Activities, 'createAgreement'>>({
  ...partnerCenterCall,
  summary: 'Create agreement',
});

/** Best effort: the end of a run waits for it for a minute and a half at most. */
export const { findAgreementRecord } = proxyActivities<Pick<Activities, 'findAgreementRecord'>>({
  startToCloseTimeout: '60s', // all the pages of one customer's log
  heartbeatTimeout: '10s', // else a worker that dies in it would hold up the end of the run for that minute
  scheduleToCloseTimeout: '90s',
  retry: { initialInterval: '2s', maximumAttempts: 3 },
  summary: 'Look for the agreement in the activity log',
});
