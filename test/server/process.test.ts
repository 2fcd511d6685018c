import { startProcess } from '../support/gateway.js';
import { describeGateway } from './gateway-suite.js';

describeGateway('the gateway as a process of its own', () => startProcess());
