import { afterEach, expect, it, vi } from 'vitest';

import { createPlatformClient, type PlatformClientOptions } from '../../src/platform/client.js';
import { createRetryBudget } from '../../src/platform/retry.js';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it('allows 50 retries at first, then one per five attempts and ten per second', () => {
  let now = 0;
  const budget = createRetryBudget(() => now);
  const spendAll = () => {
    let spent = 0;
    while (budget.spend()) spent += 1;
    return spent;
  };
  expect(spendAll()).toBe(50);
  for (let calls = 0; calls < 100; calls += 1) budget.earn();
  expect(spendAll()).toBe(20);
  now += 2_000;
  expect(spendAll()).toBe(20);
  now += 3_600_000;
  expect(spendAll()).toBe(50);
});

it.each([
  ['waits for a random time that doubles with each retry', 1_000, [0, 50, 150]],
  // A wait of 50 ms fits, another 100 ms does not.
  ['does not wait for a retry after the deadline', 125, [0, 50]],
])('%s', async (_, deadlineMs, expected) => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  const { lookUp, sentAt } = createFailing({ deadlineMs }, () => new Response(null, { status: 503 }));
  const failed = expect(lookUp()).rejects.toMatchObject({ code: 'PLATFORM_UNAVAILABLE', status: 503 });
  await vi.runAllTimersAsync();
  await failed;
  expect(sentAt).toEqual(expected);
});

it.each([
  ['waits for the Retry-After of a 503 that fits', '1', [0, 1_000, 2_000]],
  ['sends one request if the Retry-After of a 503 does not fit', '3600', [0]],
])('%s', async (_, retryAfter, expected) => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  const answer = () => new Response(null, { status: 503, headers: { 'retry-after': retryAfter } });
  const { lookUp, sentAt } = createFailing({ deadlineMs: 8_000 }, answer);
  const failed = expect(lookUp()).rejects.toMatchObject({
    code: 'PLATFORM_UNAVAILABLE',
    status: 503,
    retryAfterMs: Number(retryAfter) * 1_000,
  });
  await vi.runAllTimersAsync();
  await failed;
  expect(sentAt).toEqual(expected);
});

it('does not retry after the signal aborts, even when the pause ends', async () => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  const controller = new AbortController();
  const slowDown = () => new Response(null, { status: 429, headers: { 'retry-after': '5' } });
  const { lookUp, sentAt, retried } = createFailing({ deadlineMs: 60_000 }, slowDown);
  const failed = expect(lookUp(controller.signal)).rejects.toMatchObject({ code: 'PLATFORM_TIMEOUT' });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(retried).toHaveBeenCalledTimes(1);
  controller.abort();
  await failed;
  await vi.advanceTimersByTimeAsync(59_000);
  expect([sentAt, vi.getTimerCount()]).toEqual([[0], 0]);
});

/** Creates a client of a platform that always sends the same response, and records the time of each request. */
function createFailing(options: Partial<PlatformClientOptions>, answer: () => Response) {
  const startedAt = performance.now();
  const sentAt: number[] = [];
  const retried = vi.fn();
  const platform = createPlatformClient({
    publishableKey: 'pk',
    secretKey: 'sk',
    fetch: async () => {
      sentAt.push(performance.now() - startedAt);
      return answer();
    },
    onEvent: (event) => event.type === 'retry' && retried(),
    ...options,
  });
  const key = { ownerKind: 'USER', ownerId: 'alice', connectorSlug: 'slack' } as const;
  return { sentAt, retried, lookUp: (signal?: AbortSignal) => platform.readConnection(key, { signal }) };
}
