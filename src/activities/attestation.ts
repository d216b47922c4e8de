import { activityInfo } from '@temporalio/activity';
import type { Attestation } from '../onboarding/request';
import type { PartnerCenter } from '../partner-center';
import { callPartnerCenter } from './partner-center-call';

export interface CallIds {
  /** Partner Center's key of idempotency: the same until a refusal is heard. */
  requestId: string;
  correlationId: string;
}

export interface CreateAttestationInput extends CallIds {
  attestation: Attestation;
}

export interface CreatedAttestation {
  /** A bearer secret until it is used: whoever holds it can accept. */
  attestationId: string;
  /** When the successful attempt was scheduled, by the server's clock: never later than the request itself. */
  requestedAt: string;
}

/** Creates one enhanced attestation. A call given up leaves at most an unused attestation behind, which expires. */
export async function createAttestation(
  partnerCenter: PartnerCenter,
  { attestation, requestId, correlationId }: CreateAttestationInput,
): Promise<CreatedAttestation> {
  const { attestationId } = await callPartnerCenter('createAttestation', { outlivesCancellation: false }, (signal) =>
    partnerCenter.createAttestation(attestation, { requestId, correlationId, signal }),
  );
  return { attestationId, requestedAt: new Date(activityInfo().currentAttemptScheduledTimestampMs).toISOString() };
}
