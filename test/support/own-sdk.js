// Registers an SDK as an operator does, with `node --import`.
import { NodeSDK } from '@opentelemetry/sdk-node';

new NodeSDK({ serviceName: 'of-the-operator', metricReaders: [], logRecordProcessors: [] }).start();
