import { hashServiceKey } from '../server/auth/service-key.js';
import { parsePolicyFile, type PolicyFile } from '../server/auth/policy-file.js';

/** A made-up caller of `dev`, and the key that everybody knows. */
interface DemoCaller {
  readonly id: string;
  readonly key: string;
  readonly about: string;
}

/** One caller for each role, so that a person can see a refusal as well. Their keys open nothing but the sandbox. */
export const DEMO_CALLERS: readonly [DemoCaller, DemoCaller, DemoCaller] = [
  { id: 'demo-bff', key: 'xkgk_demo_bff', about: 'reads everything, tokens included' },
  { id: 'demo-status-page', key: 'xkgk_demo_status_page', about: 'reads connections, and no token' },
  { id: 'demo-browser', key: 'xkgk_demo_browser', about: 'reads what is of alice, and no token of acme' },
];

/** Makes the policy of `dev`: the same that a file would say. */
export function createDemoPolicy(): PolicyFile {
  const [bff, statusPage, browser] = DEMO_CALLERS.map(({ id, key }) => ({ id, keys: [{ hash: hashServiceKey(key) }] }));
  const everything = { users: 'any', groups: 'any', connectors: 'any' };
  const scopes = ['connections:read', 'tokens:read'];
  return parsePolicyFile(
    JSON.stringify({
      callers: [
        { ...bff, ...everything, scopes },
        { ...statusPage, ...everything, scopes: ['connections:read'] },
        { ...browser, kind: 'browser', users: ['alice'], groups: ['acme'], connectors: 'any', scopes },
      ],
    }),
  );
}
