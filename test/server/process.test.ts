import { startProcess } from '../support/gateway.js';
import { itSurvivesSockets } from './suites/documents.js';
import { describeGateway } from './suites/gateway.js';

describeGateway('the gateway as a process of its own', () => startProcess(), itSurvivesSockets);
