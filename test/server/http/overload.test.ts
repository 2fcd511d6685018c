import { expect, it } from 'vitest';
import { createOverload } from '../../../src/server/http/load.js';
import { until } from '../../support/until.js';

function block(ms: number): void {
  const endsAt = performance.now() + ms;
  while (performance.now() < endsAt);
}

it('is overloaded by more in-flight requests than the limit', () => {
  const { isOverloaded, close } = createOverload(10);
  expect([isOverloaded(10), isOverloaded(11)]).toEqual([false, true]);
  close();
});

it('is overloaded while every event-loop turn is late, and not afterwards', async () => {
  const { isOverloaded, close } = createOverload(10);
  const blocking = setInterval(() => block(400), 1);
  await until(() => isOverloaded(0));
  clearInterval(blocking);
  await until(() => !isOverloaded(0));
  close();
});

it('is not overloaded by any event-loop lag if the lag is not limited', async () => {
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

it('reports the highest event-loop lag, including a pause that has not ended, and then resets it', async () => {
  const { takeMaxDelayMs, close } = createOverload(10);
  block(300);
  expect(takeMaxDelayMs()).toBeGreaterThan(250);
  await until(() => takeMaxDelayMs() < 250);
  close();
});

it('is not overloaded by a single pause of any length', async () => {
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
