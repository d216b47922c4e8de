/** The least that a workflow of this shape can be: two calls, one signal, one deadline, and nothing for operators. */
import { condition, defineQuery, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';
import type { BareActivities } from './activities';

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
