/** An event of h3. The types of this package must not expose h3. */
interface WithParameters {
  readonly context: { readonly params?: Readonly<Record<string, string>> | undefined };
}

/** Returns a path segment fully decoded. h3's own reader leaves an encoded slash encoded. */
export function readPathParameter({ context }: WithParameters, name: string): string {
  return decodeURIComponent(context.params?.[name] ?? '');
}

/** A request that the sandbox received. Holds neither a key nor a token. */
export interface LoggedRequest {
  /** Arrival time, in milliseconds since 1970. */
  readonly time: number;
  readonly method: string;
  /** The percent-encoded path, as received. */
  readonly path: string;
  /** Whether the Basic credentials were right. They are not logged, because a client may confuse the two keys. */
  readonly credentials: 'right' | 'wrong' | 'none';
  /** The response status. Null before the response, and if the connection was closed instead. */
  status: number | null;
}

/** Keeps the newest requests. */
export interface RequestLog {
  /** Oldest first. A request is added when it arrives. */
  readonly entries: readonly LoggedRequest[];
  add(entry: LoggedRequest): void;
  clear(): void;
}

const MAX_ENTRIES = 10_000;

/** Creates an empty log of the newest 10,000 requests. */
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
