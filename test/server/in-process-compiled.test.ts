import { startInProcess } from '../support/gateway.js';
import { describeGateway } from './suites/gateway.js';

describeGateway('the gateway that compiles every operation it can', () =>
  startInProcess({ gateway: { compileAfter: 0 } }),
);
