import type { AttestedRequest } from '../../src/onboarding/request';

export type ReportAnswer = 'recorded' | 'stored' | { refused: string };

/** The way by which a CRM comes in. What throws may or may not have arrived, and is to be repeated as it was. */
export interface Door {
  /** Resolves once the start is acknowledged, be it for the first time or again. */
  start(request: AttestedRequest): Promise<void>;
  /** The attestation in the window that the customer is shown now; undefined while there is none. */
  attestationOf(dealId: string): Promise<string | undefined>;
  reportAcceptance(dealId: string, acceptanceId: string): Promise<ReportAnswer>;
  close(): Promise<void>;
}
