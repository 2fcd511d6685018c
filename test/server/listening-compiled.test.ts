import { startListening } from '../support/gateway.js';
import { itSurvivesSockets } from './suites/documents.js';
import { describeGateway } from './suites/gateway.js';

describeGateway(
  'the gateway behind a port that compiles every operation it can',
  () => startListening({ gateway: { compileAfter: 0 } }),
  itSurvivesSockets,
);
