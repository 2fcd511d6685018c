import { z } from 'zod';

import { findBaseUrlProblem, isLoopbackHost } from '../domain/base-url.js';
import { isCatalogSlug } from '../domain/repair-link.js';
import { DEFAULT_API_URL } from '../platform/client.js';
import { findPublishableKeyProblem, findSecretKeyProblem } from '../platform/credentials.js';
import { API_GENERATIONS, type ApiGeneration, findPathTemplateProblem } from '../platform/paths.js';
import { FILE_VARIABLES } from './environment.js';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
/** What is logged: this and everything graver. */
export type LogLevel = (typeof LOG_LEVELS)[number];

const port = text((value) =>
  /^\d{1,5}$/.test(value) && Number(value) <= 65_535 ? null : 'must be a port number from 0 to 65535',
).transform(Number);

const generation = z
  .enum(Object.keys(API_GENERATIONS) as ApiGeneration[], 'must be connections, users or contexts')
  .default('connections')
  .describe('Generation of the Platform API: connections, users or contexts. Default: connections');

const listenVariables = {
  PORT: port.default(4000).describe('Port of the gateway; 0 takes any free one. Default: 4000'),
  HOST: text((host) =>
    isLoopbackHost(host) ? null : 'must be a loopback address such as 127.0.0.1: callers are not authenticated yet',
  )
    // Brackets are for URLs; a socket wants the address without them.
    .transform((host) => host.replace(/^\[|\]$/g, ''))
    .default('127.0.0.1')
    .describe('Address to listen on; a loopback address only, for now. Default: 127.0.0.1'),
  LOG_LEVEL: z
    .enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`)
    .default('info')
    .describe(`What to log: ${LOG_LEVELS.join(', ')}. Default: info`),
};

// Looked at even if other variables are wrong, so that every problem shows at once.
const aboutSlug = { path: ['XKIT_SLUG'], when: () => true };

/** The environment variables of `serve`. Each description is what `--help` and the README say of it. */
export const serveVariables = z
  .object({
    XKIT_PUBLISHABLE_KEY: text(findPublishableKeyProblem).describe(
      'Publishable key of the Platform API. Required; or name a file that holds it: XKIT_PUBLISHABLE_KEY_FILE',
    ),
    XKIT_SECRET_KEY: text(findSecretKeyProblem).describe(
      'Secret key of the Platform API. Required; or name a file that holds it: XKIT_SECRET_KEY_FILE',
    ),
    XKIT_SLUG: text((slug) => (isCatalogSlug(slug) ? null : 'must be the slug alone, such as acme for acme.xkit.co'))
      .optional()
      .describe('Slug of the catalog at xkit.co. This or XKIT_CATALOG_URL is required'),
    XKIT_CATALOG_URL: text(findBaseUrlProblem)
      .optional()
      .describe('Root URL of a catalog with a domain of its own: https, or http on a loopback host'),
    XKIT_API_URL: text(findBaseUrlProblem)
      .default(DEFAULT_API_URL)
      .describe(`Root URL of the Platform API: https, or http on a loopback host. Default: ${DEFAULT_API_URL}`),
    XKIT_API_GENERATION: generation,
    XKIT_USER_PATH: text((path) => findPathTemplateProblem(path, 'user_id'))
      .optional()
      .describe("Path of a user's connection, with {user_id} and {connector_slug}. Default: by generation"),
    XKIT_GROUP_PATH: text((path) => findPathTemplateProblem(path, 'group_id'))
      .optional()
      .describe("Path of a group's connection, with {group_id} and {connector_slug}. Default: by generation"),
    XKIT_CONNECTORS: text((list) => (toList(list).every(Boolean) ? null : 'must be slugs with a comma between them'))
      .transform(toList)
      .optional()
      .describe('Slugs of the connectors that may be asked for, separated by commas. Default: every connector'),
    ...listenVariables,
  })
  .refine((values) => values.XKIT_SLUG !== undefined || values.XKIT_CATALOG_URL !== undefined, {
    ...aboutSlug,
    error: 'or XKIT_CATALOG_URL must be set: without it there is no repair link to give',
  })
  .refine((values) => values.XKIT_SLUG === undefined || values.XKIT_CATALOG_URL === undefined, {
    ...aboutSlug,
    error: 'and XKIT_CATALOG_URL must not both be set',
  });

/** The environment variables of `dev` and `sandbox`. */
export const devVariables = z.object({
  SANDBOX_PORT: port.default(4001).describe('Port of the sandbox; 0 takes any free one. Default: 4001'),
  XKIT_API_GENERATION: generation,
  ...listenVariables,
});

/** Every variable that some command knows. */
export const knownVariables: ReadonlySet<string> = new Set([
  ...Object.keys(serveVariables.shape),
  ...Object.keys(devVariables.shape),
  ...FILE_VARIABLES.map((name) => `${name}_FILE`),
]);

/** Lists variables with what is to say about each. */
export function describeVariables({ shape }: { readonly shape: Record<string, z.ZodType> }): [string, string][] {
  return Object.entries(shape).map(([name, variable]) => [name, variable.description ?? '']);
}

function text(findProblem: (value: string) => string | null) {
  return z.string().superRefine((value, context) => {
    const message = findProblem(value);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });
}

function toList(commaSeparated: string): string[] {
  return commaSeparated.split(',').map((item) => item.trim());
}
