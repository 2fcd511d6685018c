import type { ConnectionReading } from '../domain/connection.js';
import type { PlatformErrorCode } from './errors.js';

/** Where requests for one kind of owner go, without a word of whom they are about. */
export interface PlatformTarget {
  readonly address: string;
  readonly port: number;
  /** The path, with placeholders for the owner's id and the connector's slug. */
  readonly urlTemplate: string;
}

/** Is told what becomes of one lookup, for whoever counts or traces it. What its functions throw is dropped. */
export interface LookupObserver {
  /** It shares the requests of another lookup: the observer of that one is told of them. */
  onJoin?(): void;
  /**
   * A request goes out for it.
   *
   * @param retries how often it has been repeated, this time included
   */
  onAttempt?(target: PlatformTarget, retries: number): AttemptObserver | undefined;
  /** It has ended, with a reading or with an error. */
  onEnd?(reading: ConnectionReading | null, error: unknown): void;
}

/** Is told what becomes of one request to the platform. What it throws is dropped. */
export interface AttemptObserver {
  /** Headers for the request, beside the client's own, which they cannot replace. If HTTP does not allow one, none is sent. */
  readonly headers: Readonly<Record<string, string>>;
  /** It has ended: with a status if it had an answer, and a code if that was of no use. */
  onEnd(status: number | null, code: PlatformErrorCode | null): void;
}

/**
 * Calls an observer, which decides nothing: what it throws is dropped, and so is a rejection of the promise that it
 * returns.
 *
 * @returns what it returns; undefined if it threw
 */
export function notify<Returned>(observe: () => Returned): Returned | undefined {
  try {
    const returned = observe();
    // Also a promise of another realm, or of a library.
    if (typeof returned === 'object' && returned !== null && 'then' in returned) {
      Promise.resolve(returned).catch(() => undefined);
    }
    return returned;
  } catch {
    return undefined;
  }
}
