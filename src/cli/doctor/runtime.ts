import { loadCreateSchema } from '../../server/graphql/composition.js';
import type { ServeConfiguration } from '../../server/config/configuration.js';
import { ConfigurationError } from '../../server/config/environment.js';
import { requireGraphiql } from '../../server/graphiql/graphiql.js';
import { findTracing, loadSdk } from '../../server/telemetry/open-tracing.js';
import { type Check, failed, ok, warning } from './check.js';

/** When the lines of Node with long-term support end: https://github.com/nodejs/Release. */
const ENDS: Readonly<Record<number, string>> = { 20: '2026-04-30', 22: '2027-04-30', 24: '2028-04-30' };
const OLDEST = [20, 19] as const;

/** Looks at the version of Node. */
export const nodeCheck: Check = {
  id: 'node',
  title: 'Node',
  run: () => {
    const version = process.versions.node;
    const [major = 0, minor = 0] = version.split('.').map(Number);
    const advice = 'Install Node 24.';
    if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
      return failed(`This program needs Node ${OLDEST.join('.')} or later, and this is ${version}.`, advice);
    }
    const end = ENDS[major];
    if (end !== undefined && Date.now() > Date.parse(end)) {
      return warning(`Node ${version} gets no security updates any more: its line ended on ${end}.`, advice);
    }
    return ok(`This is Node ${version}.`);
  },
};

/** Looks whether the packages are installed that some variables need. */
export function createPackagesCheck({ composition, graphiql, traces }: ServeConfiguration): Check {
  return {
    id: 'packages',
    title: 'Optional packages',
    run: async () => {
      const needed = [
        ...(composition.federation ? [loadCreateSchema(composition)] : []),
        ...(graphiql ? [requireGraphiql()] : []),
        ...(traces && (await findTracing()) === null ? [loadSdk()] : []),
      ];
      const problems = (await Promise.allSettled(needed)).flatMap((result) => {
        if (result.status === 'fulfilled') return [];
        if (result.reason instanceof ConfigurationError) return result.reason.problems;
        throw result.reason;
      });
      if (problems.length > 0) return failed(problems, 'Install what is named, beside xkit-graphql.');
      return ok(needed.length === 0 ? 'None is needed.' : 'All that are needed are installed.');
    },
  };
}
