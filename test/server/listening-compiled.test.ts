import { startListening } from '../support/gateway.js';
import { MANIFEST } from '../support/manifest.js';
import { itSurvivesSockets } from './suites/documents.js';
import { describeGateway } from './suites/gateway.js';

describeGateway(
  'the gateway behind a port that compiles trusted documents',
  () => startListening({ manifest: MANIFEST }),
  itSurvivesSockets,
);
