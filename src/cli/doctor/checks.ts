import type { Environment } from '../../server/config/environment.js';
import { PolicyFileError } from '../../server/auth/policy-file.js';
import { createAuditCheck } from './audit-log.js';
import { createCatalogCheck } from './catalog.js';
import type { Check } from './check.js';
import { createClockCheck } from './clock.js';
import { createConfigurationCheck } from './configuration.js';
import { createIssuerChecks } from './issuers.js';
import { createPlatformChecks } from './platform.js';
import { createPolicyCheck, readPolicy } from './policy.js';
import { createPortChecks } from './ports.js';
import { createRedisCheck } from './redis.js';
import { createPackagesCheck, nodeCheck } from './runtime.js';
import { createSecretFilesCheck } from './secret-files.js';
import { createTrustedDocumentsCheck } from './trusted-documents.js';
import type { UsableConfiguration } from './usable-configuration.js';

/** Creates the checks of a configuration, in the order in which they are told. */
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
    ...createPlatformChecks(configuration),
    ...createIssuerChecks(policy),
    createClockCheck(usable, policy),
    createCatalogCheck(configuration),
    ...(redisUrl === undefined ? [] : [createRedisCheck(redisUrl)]),
  ];
}
