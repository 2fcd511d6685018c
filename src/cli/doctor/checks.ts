import { PolicyFileError } from '../../server/auth/policy-file.js';
import type { Environment } from '../../server/config/environment.js';
import { createCatalogCheck } from './catalog.js';
import type { Check } from './check.js';
import { createConfigurationCheck, type UsableConfiguration } from './configuration.js';
import { createAuditCheck, createSecretFilesCheck, createTrustedDocumentsCheck } from './files.js';
import { createClockCheck, createPackagesCheck, createPortChecks, nodeCheck } from './machine.js';
import { createPlatformChecks } from './platform.js';
import { createIssuerChecks, createPolicyCheck, readPolicy } from './policy.js';
import { createRedisCheck } from './redis.js';

/** Creates the checks of a configuration, in the order in which they are reported. */
export function createChecks(usable: UsableConfiguration, environment: Environment): Check[] {
  const { configuration, broken } = usable;
  const { redisUrl, trustedDocuments } = configuration;
  const policy = broken.has('XKIT_POLICY_FILE') ? new PolicyFileError([]) : readPolicy(configuration.policyPath);
  return [
    createConfigurationCheck(usable),
    createSecretFilesCheck(environment, broken),
    nodeCheck,
    createPackagesCheck(configuration),
    createPolicyCheck(policy),
    ...(trustedDocuments ? [createTrustedDocumentsCheck(trustedDocuments.path, configuration)] : []),
    ...createPortChecks(configuration),
    createAuditCheck(configuration),
    ...createPlatformChecks(configuration, environment),
    ...createIssuerChecks(policy),
    createClockCheck(usable, policy),
    createCatalogCheck(configuration),
    ...(redisUrl === undefined ? [] : [createRedisCheck(redisUrl)]),
  ];
}
