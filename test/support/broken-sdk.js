// Registers an SDK of an operator's own, with a processor that throws wherever it is called.
import { NodeSDK } from '@opentelemetry/sdk-node';

const broken = () => {
  throw new Error('canary');
};
const onStart = {
  start: broken,
  attributes: (span) => Object.assign(span, { setAttribute: broken, setAttributes: broken, updateName: broken }),
  end: () => undefined,
}[process.env['BREAKS_AT']];
new NodeSDK({
  spanProcessors: [{ onStart, onEnd: broken, forceFlush: broken, shutdown: broken }],
  textMapPropagator: { inject: broken, extract: broken, fields: () => [] },
  metricReaders: [],
  logRecordProcessors: [],
}).start();
