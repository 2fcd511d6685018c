import { startInProcess } from '../support/gateway.js';
import { describeGateway } from './gateway-suite.js';

describeGateway('the gateway in this process', () => startInProcess());
