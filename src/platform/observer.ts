import { validateHeaderName, validateHeaderValue } from 'node:http';

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

/** Reads the headers that an observer has for a request. Those that HTTP does not allow throw: none of them is sent then. */
export function readHeaders({ headers }: AttemptObserver): AttemptObserver['headers'] {
  const entries = Object.entries(headers);
  for (const [name, value] of entries) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
  // In lower case, so that none of the client's own is there twice.
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value]));
}
