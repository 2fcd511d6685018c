import { expect, it } from 'vitest';

import { toSocketAddress } from '../../src/domain/base-url.js';

it.each([
  ['https://app.xkit.co/api/platform', { host: 'app.xkit.co', port: 443 }],
  ['http://127.0.0.1/api/platform', { host: '127.0.0.1', port: 80 }],
  ['http://[::1]:4001/api/platform', { host: '::1', port: 4001 }],
])('returns the host and port of %s', (url, address) => {
  expect(toSocketAddress(url)).toEqual(address);
});
