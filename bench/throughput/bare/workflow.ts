/** The smallest workflow of this shape: two calls, one signal, one deadline, no support for operators. */
import { condition, defineQuery, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';
import type { BareActivities } from './activities';

export const BARE_TASK_QUEUE = 'bare-onboarding';

export const acceptedSignal = defineSignal('accepted');
export const attestationQuery = defineQuery<string | undefined>('attestation');

const { createAttestation, createAgreement } = proxyActivities<BareActivities>({ startToCloseTimeout: '1 minute' });

export async function bareOnboarding(customerId: string): Promise<'created' | 'expired'> {
  let accepted = false;
  let attestationId: string | undefined;
  setHandler(acceptedSignal, () => void (accepted = true));
  setHandler(attestationQuery, () => attestationId);

  attestationId = await createAttestation(customerId);
  if (!(await condition(() => accepted, '1 hour'))) return 'expired';
  await createAgreement(customerId, attestationId);
  return 'created';
}
