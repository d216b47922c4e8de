export { createPartnerCenter, type AgreementRequest, type PartnerCenter } from './client';
export { PartnerCenterError, TokenError, type Operation, type PartnerCenterErrorFields } from './errors';
export type { CallOptions, PartnerCenterSettings } from './exchange';
export { parseRetryAfter } from './http';
