import { afterEach, expect, it, vi } from 'vitest';

import { PlatformError } from '../../src/platform/errors.js';
import { createRetryBudget, withRetries } from '../../src/platform/retry.js';

afterEach(() => vi.useRealTimers());

const unavailable = new PlatformError('PLATFORM_UNAVAILABLE', 'down');

it('allows fifty retries at first, then a fifth of the attempts and ten a second', () => {
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

it('waits for a random time, which doubles', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const random = vi.spyOn(Math, 'random').mockReturnValue(0.5);
  const options = {
    maxRetries: 2,
    budget: createRetryBudget(),
    deadline: performance.now() + 120,
    signal: new AbortController().signal,
    onRetry: vi.fn(),
  };
  const attempt = vi.fn(() => Promise.reject(unavailable));
  // 50 ms, then 100 ms; time stands still here, so that both fit.
  await expect(withRetries(options, attempt)).rejects.toBe(unavailable);
  expect(attempt).toHaveBeenCalledTimes(3);
  // 50 ms fit, 100 ms do not.
  attempt.mockClear();
  await expect(withRetries({ ...options, deadline: performance.now() + 75 }, attempt)).rejects.toBe(unavailable);
  expect(attempt).toHaveBeenCalledTimes(2);
  random.mockRestore();
});

it('tries nothing again once nobody waits, not even after the pause', async () => {
  const controller = new AbortController();
  const attempt = vi.fn(() =>
    Promise.reject(new PlatformError('PLATFORM_RATE_LIMITED', 'slow down', { retryAfterMs: 60_000 })),
  );
  const retrying = withRetries(
    {
      maxRetries: 2,
      budget: createRetryBudget(),
      deadline: performance.now() + 120_000,
      signal: controller.signal,
      onRetry: () => controller.abort(),
    },
    attempt,
  );
  await expect(retrying).rejects.toMatchObject({ code: 'PLATFORM_RATE_LIMITED' });
  expect(attempt).toHaveBeenCalledTimes(1);
});
