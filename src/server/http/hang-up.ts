import type { ServerResponse } from 'node:http';

import { Aborter } from '../../platform/signal.js';

/**
 * Tells of a client that hangs up before its answer is sent. Yoga's signal of a request tells the same, behind a proxy
 * that each lookup would go through three times.
 */
export function hangUpOf(response: ServerResponse): AbortSignal {
  const aborter = new Aborter();
  const look = () => {
    if (!response.writableFinished) aborter.abort();
  };
  // It may have happened while somebody found out who asks.
  if (response.destroyed) look();
  else response.once('close', look);
  // As much of one as anybody listens to.
  return aborter as unknown as AbortSignal;
}
