/** A request that the sandbox received. Holds neither a key nor a token. */
export interface LoggedRequest {
  /** When it arrived, in milliseconds since 1970. */
  readonly time: number;
  readonly method: string;
  /** The path as it was on the wire, percent-encoded. */
  readonly path: string;
  /** Whether the Basic credentials were right. They are not kept: somebody may mix up the two keys. */
  readonly credentials: 'right' | 'wrong' | 'none';
  /** The status answered; null while there is none, and where the connection was closed instead. */
  status: number | null;
}

/** Remembers the newest requests. */
export interface RequestLog {
  /** The requests, oldest first, each from the moment it arrives. */
  readonly entries: readonly LoggedRequest[];
  add(entry: LoggedRequest): void;
  clear(): void;
}

const MAX_ENTRIES = 10_000;

/** Creates an empty log, which keeps the newest 10,000 requests. */
export function createRequestLog(): RequestLog {
  const entries: LoggedRequest[] = [];
  return {
    entries,
    add: (entry) => {
      if (entries.length === MAX_ENTRIES) entries.shift();
      entries.push(entry);
    },
    clear: () => {
      entries.length = 0;
    },
  };
}
