import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { createPlatformClient } from '../../src/platform/client.js';
import type { PlatformError } from '../../src/platform/errors.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ALICE = { ownerKind: 'USER', ownerId: 'alice', connectorSlug: 'slack' } as const;

it.each(['attempt', 'retry'])(
  'does not affect other lookups if a listener aborts one on %s, and leaves no timer',
  async (type) => {
    const controller = new AbortController();
    let sent = 0;
    const client = createPlatformClient({
      publishableKey: 'pk',
      secretKey: 'sk',
      fetch: async (url) => {
        sent += 1;
        return String(url).includes('alice') ? new Response(null, { status: 503 }) : new Promise(() => undefined);
      },
      onEvent: (event) => event.type === type && controller.abort(),
    });
    const failures: string[] = [];
    const note = (error: unknown) => void failures.push((error as PlatformError).code);
    void client.readConnection({ ...ALICE, ownerId: 'hangs' }).catch(note);
    void client.readConnection(ALICE, { signal: controller.signal }).catch(note);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([failures, sent]).toEqual([['PLATFORM_TIMEOUT'], 2]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect([failures, sent, vi.getTimerCount()]).toEqual([['PLATFORM_TIMEOUT', 'PLATFORM_TIMEOUT'], 2, 0]);
  },
);
