import type { AgreementType, Attestation, PrimaryContact } from '../onboarding/request';
import type { AuditQuery, AuditRecord } from './audit-records';

export interface AgreementRequest {
  userId?: string;
  attestationId?: string;
  templateId: string;
  /** ISO 8601 in UTC, with `Z`. */
  dateAgreed: string;
  type: AgreementType;
  primaryContact?: PrimaryContact;
}

export interface CallOptions {
  /** `MS-RequestId`, the idempotency key: the same again after an unknown answer, a new one after a refusal. */
  requestId: string;
  /** `MS-CorrelationId`: what Microsoft's support asks for. */
  correlationId: string;
  signal?: AbortSignal;
}

export interface PartnerCenterSettings {
  /** For example `https://api.partnercenter.microsoft.com`, with or without a trailing slash. */
  baseUrl: string;
  /** For example `v1`. */
  apiVersion: string;
  /** For one HTTP call, from connecting to the last byte. */
  timeoutMs: number;
  credentials: Credentials;
}

/** App-only credentials; exactly one of `clientSecret` and `clientCertificatePem`. */
export interface Credentials {
  tenantId: string;
  clientId: string;
  clientSecret?: string;
  /** Private key (RSA, not encrypted) and certificate, each as a PEM block; intermediate certificates may follow. */
  clientCertificatePem?: string;
  /** For example `https://api.partnercenter.microsoft.com/.default`. */
  scope: string;
  /** Used instead of Entra's own endpoint, for simulators and tests. */
  tokenEndpoint?: string;
}

export interface PartnerCenter {
  /** Creates an attestation; each call creates another one. @throws PartnerCenterError, TokenError */
  createAttestation(attestation: Attestation, call: CallOptions): Promise<{ attestationId: string }>;
  /** Confirms the customer's acceptance; 600061 is an error like any other. @throws PartnerCenterError, TokenError */
  createAgreement(
    customerId: string,
    agreement: AgreementRequest,
    call: CallOptions,
  ): Promise<{ agreementLink?: string }>;
  /** All pages of a customer's activity log; records appear up to hours late. @throws PartnerCenterError, TokenError */
  findAuditRecords(query: AuditQuery, call: CallOptions): Promise<AuditRecord[]>;
  /** Only gets a token. @throws TokenError */
  checkCredentials(): Promise<void>;
  /** Closes all sockets, which ends the calls in flight. */
  close(): void;
}
