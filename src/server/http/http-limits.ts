import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { InFlight } from './load.js';

/** A limit of HTTP whose excess ends a connection, for the log. */
export type HttpLimit =
  'header-length' | 'chunk-extension-length' | 'arrival-time' | 'silence' | 'duration' | 'pipelined-requests';

/** The limits that Node's parser and timers report, and the status of their responses. */
const LIMITS: Readonly<Record<string, readonly [limit: HttpLimit, status: string]>> = {
  HPE_HEADER_OVERFLOW: ['header-length', '431 Request Header Fields Too Large'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['chunk-extension-length', '413 Payload Too Large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['arrival-time', '408 Request Timeout'],
};

/**
 * Ends each connection that exceeds a limit of HTTP or is not HTTP, with the same responses as Node, and reports the
 * limit, which Node does not.
 *
 * @param silenceMs how long a connection may be silent during a request, in milliseconds
 */
export function enforceHttpLimits(
  server: Server,
  silenceMs: number,
  inFlight: InFlight,
  onLimit: (limit: HttpLimit) => void,
): void {
  // Node would drop any more headers than 2,000, such as a second `Authorization`. Their total length has a limit.
  server.maxHeadersCount = 0;
  server.setTimeout(silenceMs, (socket) => {
    if (inFlight.latestOf(socket)) onLimit('silence');
    socket.destroy();
  });
  server.on('clientError', ({ code = '' }: NodeJS.ErrnoException, socket: Socket) => {
    const [limit, status] = LIMITS[code] ?? [null, '400 Bad Request'];
    if (limit !== null) onLimit(limit);
    // A second response in the middle of the first one would corrupt it.
    if (socket.writable && !inFlight.isAnswering(socket))
      socket.write(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
    socket.destroy();
  });
}
