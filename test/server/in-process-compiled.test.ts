import { startInProcess } from '../support/gateway.js';
import { MANIFEST } from '../support/manifest.js';
import { itSurvivesSockets } from './suites/documents.js';
import { describeGateway } from './suites/gateway.js';

describeGateway(
  'the gateway that compiles trusted documents',
  () => startInProcess({ manifest: MANIFEST }),
  itSurvivesSockets,
);
