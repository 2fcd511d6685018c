/** A server that is running. */
export interface RunningServer {
  /** Root of the web server, without a trailing slash. */
  readonly url: string;
  /** Where the metrics are; null if there are none. */
  readonly metricsUrl: string | null;
  /** Reads the policy file and opens the audit log anew. */
  reload(): Promise<void>;
  /** Finishes what is in flight, and closes every socket. */
  close(): Promise<void>;
}
