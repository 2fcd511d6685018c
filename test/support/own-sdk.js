// Registers an SDK of the operator's own, as `node --import` does it for a program.
import { NodeSDK } from '@opentelemetry/sdk-node';

new NodeSDK({ serviceName: 'of-the-operator', metricReaders: [], logRecordProcessors: [] }).start();
