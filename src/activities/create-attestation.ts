import { activityInfo } from '@temporalio/activity';
import type { Attestation } from '../onboarding/request';
import type { PartnerCenter } from '../partner-center';
import { type CallIds, callPartnerCenter } from './partner-center-call';

export interface CreateAttestationInput extends CallIds {
  attestation: Attestation;
}

export interface CreatedAttestation {
  /** A bearer secret until it is used: anyone who has it can accept. */
  attestationId: string;
  /** When the successful attempt was scheduled, by the server's clock: never later than the request itself. */
  requestedAt: string;
}

/** Creates one enhanced attestation. An abandoned call leaves at most an unused attestation, which expires. */
export async function createAttestation(
  partnerCenter: PartnerCenter,
  { attestation, requestId, correlationId }: CreateAttestationInput,
): Promise<CreatedAttestation> {
  const { attestationId } = await callPartnerCenter('createAttestation', (signal) =>
    partnerCenter.createAttestation(attestation, { requestId, correlationId, signal }),
  );
  return { attestationId, requestedAt: new Date(activityInfo().currentAttemptScheduledTimestampMs).toISOString() };
}
