// Registers an SDK of an operator's own, with a processor that throws wherever it is called.
import { NodeSDK } from '@opentelemetry/sdk-node';

const broken = () => {
  throw new Error('canary');
};
const spanProcessor = { onStart: () => undefined, onEnd: broken, forceFlush: broken, shutdown: broken };
new NodeSDK({
  spanProcessors: [process.env['BREAKS_AT'] === 'start' ? { ...spanProcessor, onStart: broken } : spanProcessor],
  textMapPropagator: { inject: broken, extract: broken, fields: () => [] },
  metricReaders: [],
  logRecordProcessors: [],
}).start();
