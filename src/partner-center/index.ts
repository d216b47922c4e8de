export { createPartnerCenter } from './client';
export type { AgreementRequest, CallOptions, Credentials, PartnerCenter, PartnerCenterSettings } from './contract';
export { PartnerCenterError, TokenError } from './errors';
export type { Operation, PartnerCenterErrorFields, PartnerCenterErrorKind, TokenErrorFields } from './errors';
