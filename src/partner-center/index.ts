export { createPartnerCenter, type AgreementRequest, type PartnerCenter } from './client';
export { PartnerCenterError, TokenError, type PartnerCenterErrorFields } from './errors';
export type { CallOptions, PartnerCenterSettings } from './exchange';
