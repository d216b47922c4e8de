export { createPartnerCenter } from './client';
export type { AgreementRequest, CallOptions, Credentials, PartnerCenter, PartnerCenterSettings } from './contract';
export { PartnerCenterError, type PartnerCenterErrorFields, TokenError } from './errors';
