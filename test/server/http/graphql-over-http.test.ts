import { auditServer } from 'graphql-http';
import { expect, it } from 'vitest';

import { startProcess } from '../../support/gateway.js';

/**
 * The audits that need GET requests. The gateway refuses GET, which would put ids into URLs, and tokens into responses
 * that caches may store.
 */
const REFUSED_AS_GET = [
  'MAY accept application/x-www-form-urlencoded formatted GET requests',
  'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/graphql-response+json',
  'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json',
];

it('passes every audit of GraphQL over HTTP that does not need GET requests', async () => {
  // Some of the audits query the schema.
  const gateway = await startProcess({ XKIT_INTROSPECTION: 'on' });
  const results = await auditServer({
    url: 'http://gateway/graphql',
    fetchFn: async (url: string, init: RequestInit) => gateway.fetch(url.replace('http://gateway', ''), init),
  });
  const failed = results.filter(({ status }) => status !== 'ok').map(({ name }) => name);
  expect(results.length).toBeGreaterThan(60);
  expect(failed).toEqual(REFUSED_AS_GET);
  await gateway.close();
});
