import { startProcess } from '../support/gateway.js';
import { itSurvivesSockets } from './suites/documents.js';
import { describeGateway } from './suites/gateway.js';

describeGateway('the gateway in its own process', () => startProcess(), itSurvivesSockets);
