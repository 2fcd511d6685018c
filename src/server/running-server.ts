/** A running server. */
export interface RunningServer {
  /** Root of the web server, without a trailing slash. */
  readonly url: string;
  /** Where the metrics are; null if there are none. */
  readonly metricsUrl: string | null;
  /** Reads the policy file again, and reopens the audit log. */
  reload(): Promise<void>;
  /** Finishes the requests in flight, and closes every socket. */
  close(): Promise<void>;
}
