import { expect, it } from 'vitest';

import { createOverload } from '../../src/server/overload.js';
import { until } from '../support/until.js';

it('is overloaded by too many requests at once', () => {
  const { isOverloaded, close } = createOverload(10);
  expect([isOverloaded(10), isOverloaded(11)]).toEqual([false, true]);
  close();
});

it('is overloaded while the event loop is late, and not for long afterwards', async () => {
  const { isOverloaded, close } = createOverload(10);
  const blocking = setInterval(() => {
    const endsAt = performance.now() + 400;
    while (performance.now() < endsAt);
  }, 1);
  await until(() => isOverloaded(0));
  clearInterval(blocking);
  await until(() => !isOverloaded(0));
  close();
});
