export { type AcceptanceLinkSettings, readAcceptanceLinkSettings } from './acceptance-link';
export { readCrmSettings } from './crm';
export { type GatewayConfig, readAcceptanceUrl, readGatewayConfig } from './gateway';
export { readPartnerCenterSettings } from './partner-center';
export { readTemporalSettings, type TemporalSettings } from './temporal';
export { ConfigurationError, type Environment, type HostPort } from './variables';
export { readWorkerConfig, type WorkerConfig } from './worker';
