import { afterEach, expect, it } from 'vitest';

import { withoutStack } from '../../src/schema/without-stack.js';

const { stackTraceLimit } = Error;
const setLimit = (value: number, writable: boolean) =>
  Object.defineProperty(Error, 'stackTraceLimit', { value, writable, configurable: true });
afterEach(() => setLimit(stackTraceLimit, true));

it('creates an error without a stack, and does not affect other errors', () => {
  expect(withoutStack(() => new Error('refused')).stack).toBe('Error: refused');
  expect(() =>
    withoutStack(() => {
      throw new TypeError('a bug');
    }),
  ).toThrow('a bug');
  expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  expect(new Error('failed').stack).toMatch(/^\s+at /m);
});

it('creates an ordinary error if Error.stackTraceLimit is read-only', () => {
  setLimit(stackTraceLimit, false);
  expect(withoutStack(() => new Error('refused')).message).toBe('refused');
});
