/** What a caller asks for when a deal closes. Checked at the edges by `request-schema.ts`; these are the plain types. */
import type { AgreementType, EnhancedAttestation, PrimaryContact } from '../partner-center';

/** Partner Center's own eight fields, by their own names (POST /v1/attestations/enhanced). */
export type Attestation = EnhancedAttestation;

/** What to put into the agreement; each member falls back to the worker's configuration. */
export interface AgreementChoice {
  /** Object id of the partner's user on whose behalf the agreement is created. */
  userId?: string;
  templateId?: string;
  type?: AgreementType;
}

/** Partner Center's old method, retired in the public cloud on 2026-01-05: the partner vouches for the acceptance. */
export interface PrimaryContactAgreement extends AgreementChoice {
  primaryContact: PrimaryContact;
  /** ISO 8601, UTC. */
  dateAgreed: string;
}

interface AnyOnboardingRequest {
  dealId: string;
  /** For indirect providers: whose deal it is. */
  resellerId?: string;
  /** The customer's Entra tenant id, which is Partner Center's customer id; lower case. */
  customerId: string;
  /** How long the customer's link lives, counted from the first attestation; default: as long as one attestation. */
  linkValidForMinutes?: number;
  /** When to remind, in minutes after the first attestation; at most five, none after the customer has answered. */
  remindAfterMinutes?: number[];
  /** Where the CRM hears of the onboarding; its host must be on the allow-list. */
  callbackUrl?: string;
  /** Echoed in views and events; holds no personal data. */
  metadata?: Record<string, string>;
  campaignId?: string;
}

export type AttestedRequest = AnyOnboardingRequest & { attestation: Attestation; agreement?: AgreementChoice };
export type PrimaryContactRequest = AnyOnboardingRequest & { attestation?: never; agreement: PrimaryContactAgreement };
export type OnboardingRequest = AttestedRequest | PrimaryContactRequest;

export const DEFAULT_EXPIRATION_MINUTES = 60; // Partner Center's own default
export const MIN_EXPIRATION_MINUTES = 5;
export const MAX_EXPIRATION_MINUTES = 10_080; // seven days
export const MAX_LINK_MINUTES = 43_200; // thirty days
export const MAX_REMINDERS = 5;

/** True for the old method: no attestation, the partner vouches for the customer's acceptance. */
export function usesPrimaryContact(request: OnboardingRequest): request is PrimaryContactRequest {
  return request.attestation === undefined;
}

/** How long one attestation lives, in minutes. */
export function expirationInMinutes(attestation: Attestation): number {
  return attestation.expirationInMinutes ?? DEFAULT_EXPIRATION_MINUTES;
}

/** How long the customer's link lives, in minutes from the first attestation. */
export function linkValidForMinutes(request: AttestedRequest): number {
  return request.linkValidForMinutes ?? expirationInMinutes(request.attestation);
}
