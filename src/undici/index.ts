export { createUndiciTransport, type UndiciTransportOptions } from '../platform/undici-transport.js';
