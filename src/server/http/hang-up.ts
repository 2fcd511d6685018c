import type { ServerResponse } from 'node:http';

import { Aborter } from '../../platform/signal.js';

/**
 * Tells of a client that hangs up before its answer is sent. Yoga's signal of a request tells the same, behind a proxy
 * that each lookup would go through three times.
 */
export function hangUpOf(response: ServerResponse): AbortSignal {
  const aborter = new Aborter();
  response.once('close', () => {
    if (!response.writableFinished) aborter.abort();
  });
  // As much of one as anybody listens to.
  return aborter as unknown as AbortSignal;
}
