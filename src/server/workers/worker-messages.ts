import type { MetricsData } from '../metrics/metrics.js';
import type { FailureReport } from '../command-line/report-failure.js';

/** What a worker tells its primary: that it takes requests, why it cannot, or what it has counted. */
export type WorkerMessage =
  | { readonly type: 'xkit-ready'; readonly url: string }
  | ({ readonly type: 'xkit-failed' } & FailureReport)
  | { readonly type: 'xkit-metrics'; readonly question: number; readonly metrics: MetricsData };

/** What a primary tells a worker: to finish, to read its files again, or to say what it has counted. */
export type PrimaryMessage =
  | { readonly type: 'xkit-stop' }
  | { readonly type: 'xkit-reload' }
  | { readonly type: 'xkit-read-metrics'; readonly question: number };
