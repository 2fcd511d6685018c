import type { PlatformClient } from '../../platform/client.js';
import { readParams } from '../plugins/json-body.js';
import type { Middleware } from './create-middleware.js';

/** Has each operation wait until it may begin. */
export function holdBack(admit: NonNullable<PlatformClient['admit']>): Middleware {
  return (request, context) => {
    const admitted = admit();
    if (admitted === null) return null;
    // Its body comes meanwhile, so that it does not pass for one whose client is slow.
    const arrived = readParams(request, context).catch(() => null);
    return arrived.then(() => admitted).then(() => null);
  };
}
