// Registers an SDK as an operator does, with a span processor and a propagator that throw. BREAKS_AT selects what
// `onStart` does.
import { NodeSDK } from '@opentelemetry/sdk-node';

const broken = () => {
  throw new Error('canary');
};
const onStart = {
  start: broken,
  span: (span) => {
    const { setAttribute, setAttributes, setStatus, spanContext, updateName } = span;
    for (const name of Object.keys({ setAttribute, setAttributes, setStatus, spanContext, updateName })) {
      span[name] = broken;
    }
  },
  end: () => undefined,
}[process.env['BREAKS_AT']];
new NodeSDK({
  spanProcessors: [{ onStart, onEnd: broken, forceFlush: broken, shutdown: broken }],
  textMapPropagator: { inject: broken, extract: broken, fields: () => [] },
  metricReaders: [],
  logRecordProcessors: [],
}).start();
