import { expect, it, vi } from 'vitest';

import { Aborter, toAbortSignal } from '../../src/platform/signal.js';

it('tells each listener once, and none that no longer listens', () => {
  const aborter = new Aborter();
  const listen = () => ({ handleEvent: vi.fn() });
  const [first, second, third, gone, goneToo] = [listen(), listen(), listen(), listen(), listen()] as const;
  for (const listener of [gone, first, second, goneToo, third]) aborter.addEventListener('abort', listener);
  aborter.removeEventListener('abort', gone);
  aborter.removeEventListener('abort', goneToo);
  expect(aborter.aborted).toBe(false);
  aborter.abort();
  aborter.abort();
  expect(aborter.aborted).toBe(true);
  const calls = [first, second, third, gone, goneToo].map(({ handleEvent }) => handleEvent.mock.calls.length);
  expect(calls).toEqual([1, 1, 1, 0, 0]);
});

it('is a signal that is whole for a fetch of somebody else, before and after it aborts', () => {
  const aborter = new Aborter();
  const early = toAbortSignal(aborter);
  expect([early instanceof AbortSignal, early.aborted]).toEqual([true, false]);
  aborter.abort();
  expect([early.aborted, toAbortSignal(aborter).aborted]).toEqual([true, true]);
});
