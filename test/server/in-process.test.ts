import { startInProcess } from '../support/gateway.js';
import { describeGateway } from './suites/gateway.js';

describeGateway('the gateway in this process', () => startInProcess());
