export { type AuditLog, openAuditLog } from './audit-log.js';
export { readServeConfiguration, type ServeConfiguration } from './configuration.js';
export { ConfigurationError } from './environment.js';
export { ListenError } from './listen.js';
export { createLogger } from './logger.js';
export { parsePolicyFile, type PolicyFile, PolicyFileError, readPolicyFile } from './policy-file.js';
export { type RunningGateway, start as startGateway, type StartOptions } from './start.js';
