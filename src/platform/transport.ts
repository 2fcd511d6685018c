import { PlatformError } from './errors.js';

/** A GET request to the Platform API. */
export interface TransportRequest {
  /** An absolute URL. */
  readonly url: string;
  /** By lower-case name. They include the Basic credentials. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A complete response. */
export interface TransportResponse {
  readonly status: number;
  /** Returns a header by its lower-case name, or null. */
  header(name: string): string | null;
  /** The decompressed body of a 200. Empty for any other status, because the API specifies no body for it. */
  readonly body: Uint8Array;
}

/** An in-flight request. */
export interface PendingResponse {
  /**
   * Rejects with a `PlatformError` if the body of a 200 is longer than {@link MAX_BODY_BYTES}, and with any other error
   * if the connection fails.
   */
  readonly response: Promise<TransportResponse>;
  /** Aborts the request and closes its connection. */
  abort(): void;
}

/**
 * Sends requests to the Platform API. A transport must never follow a redirect, which would send the credentials to
 * another host or to another user's path. It needs no timeouts or retries, because the platform client has them.
 */
export interface Transport {
  send(request: TransportRequest): PendingResponse;
  /** Closes all connections. In-flight requests fail. */
  close?(): Promise<void>;
}

/** Maximum length of the body of a 200, in bytes after decompression. A real body has about 1 KiB. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** Maximum length of a body that is read only so that its connection can be reused, in bytes. */
export const MAX_DISCARDED_BYTES = 16 * 1024;

/** Creates the error for a 200 with a body longer than {@link MAX_BODY_BYTES}. */
export function bodyTooLong(): PlatformError {
  const message = "The body of the Platform API's response is over 1 MiB.";
  return new PlatformError('PLATFORM_BAD_RESPONSE', message, { status: 200 });
}
