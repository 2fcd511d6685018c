import { PlatformError } from './errors.js';

/** A GET request to the Platform API. */
export interface TransportRequest {
  /** The absolute URL. */
  readonly url: string;
  /** By name in lower case; the Basic credentials are among them. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A whole response, without its connection. */
export interface TransportResponse {
  readonly status: number;
  /** Returns a header by its name in lower case, or null. */
  header(name: string): string | null;
  /** The decompressed body of a 200; empty for any other status, whose body is not specified. */
  readonly body: Uint8Array;
}

/** A request that was sent. */
export interface PendingResponse {
  /**
   * Rejects with a `PlatformError` if the body of a 200 is longer than {@link MAX_BODY_BYTES}, and with any other error
   * if the connection fails.
   */
  readonly response: Promise<TransportResponse>;
  /** Gives the request up and closes its connection. */
  abort(): void;
}

/**
 * Sends requests to the Platform API. Implement it to send them in another way.
 *
 * It must never follow a redirect: the credentials would travel to another host, or to another user's path. It needs no
 * timeouts and no retries: the platform client has them.
 */
export interface Transport {
  send(request: TransportRequest): PendingResponse;
  /** Closes idle connections, and fails the requests that are in flight. */
  close?(): Promise<void>;
}

/** Longest body of a 200, in bytes after decompression. A real one has about a thousandth of it. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** Longest body that is read only to reach its end, so that the connection can be used again, in bytes. */
export const MAX_DISCARDED_BYTES = 16 * 1024;

/** Reports that the body of a 200 is longer than {@link MAX_BODY_BYTES}. */
export function bodyTooLong(): PlatformError {
  const message = "The body of the Platform API's response is over 1 MiB.";
  return new PlatformError('PLATFORM_BAD_RESPONSE', message, { status: 200 });
}
