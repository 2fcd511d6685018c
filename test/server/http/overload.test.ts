import { expect, it } from 'vitest';
import { createOverload } from '../../../src/server/http/load.js';
import { until } from '../../support/until.js';

function block(ms: number): void {
  const endsAt = performance.now() + ms;
  while (performance.now() < endsAt);
}

it('is overloaded by too many requests at once', () => {
  const { isOverloaded, close } = createOverload(10);
  expect([isOverloaded(10), isOverloaded(11)]).toEqual([false, true]);
  close();
});

it('is overloaded while the event loop is late turn by turn, and not afterwards', async () => {
  const { isOverloaded, close } = createOverload(10);
  const blocking = setInterval(() => block(400), 1);
  await until(() => isOverloaded(0));
  clearInterval(blocking);
  await until(() => !isOverloaded(0));
  close();
});

it('is not overloaded however late the event loop is, where that is no matter', async () => {
  const { isOverloaded, takeMaxDelayMs, close } = createOverload(10, Infinity);
  let turns = 0;
  const blocking = setInterval(() => {
    block(400);
    turns += 1;
  }, 1);
  await until(() => turns > 4);
  clearInterval(blocking);
  expect([takeMaxDelayMs() > 300, isOverloaded(0)]).toEqual([true, false]);
  close();
});

it('says how late the event loop has been at most, while it still is, and forgets it then', async () => {
  const { takeMaxDelayMs, close } = createOverload(10);
  block(300);
  expect(takeMaxDelayMs()).toBeGreaterThan(250);
  await until(() => takeMaxDelayMs() < 250);
  close();
});

it('is not overloaded by one pause, however long', async () => {
  const { isOverloaded, close } = createOverload(10);
  block(1_000);
  const looks: boolean[] = [];
  for (let look = 0; look < 10; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    looks.push(isOverloaded(0));
  }
  expect(looks).not.toContain(true);
  close();
});
