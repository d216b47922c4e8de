export { createPartnerCenter } from './client';
export type {
  AgreementRequest,
  AgreementType,
  AuditQuery,
  AuditRecord,
  CallOptions,
  CreatedAgreement,
  Credentials,
  EnhancedAttestation,
  PartnerCenter,
  PartnerCenterSettings,
  PrimaryContact,
} from './contract';
export { PartnerCenterError, TokenError } from './errors';
export type { Operation, PartnerCenterErrorFields, PartnerCenterErrorKind, TokenErrorFields } from './errors';
