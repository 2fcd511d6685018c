/** A running server. */
export interface RunningServer {
  /** Root of the web server, without a trailing slash. */
  readonly url: string;
  /** URL of the metrics, or null if there are none. */
  readonly metricsUrl: string | null;
  /** Reloads the policy file, and reopens the audit log. */
  reload(): Promise<void>;
  /**
   * Has `/ready` return 503, and serves everything else. Call it a few seconds before `close`, so that load balancers
   * send no more requests.
   */
  announceClose(): void;
  /** Finishes the in-flight requests, then closes every socket. */
  close(): Promise<void>;
}
