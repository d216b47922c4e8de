export { readPartnerCenterSettings } from './partner-center';
export { readTemporalSettings, type TemporalSettings } from './temporal';
export { ConfigurationError, type Environment, type HostPort } from './variables';
export { logLevels, type LogLevel, readWorkerConfig, type WorkerConfig } from './worker';
