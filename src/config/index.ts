export { type ApiKey, readMicrosoftPageUrl, readGatewayConfig } from './gateway';
export { readTemporalSettings } from './shared';
export { ConfigurationError, type Environment, withoutEmpty } from './variables';
export { type AgreementSettings, readWorkerConfig, type WorkerConfig } from './worker';
