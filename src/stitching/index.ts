export {
  createGatewayExecutor,
  type GatewayExecutor,
  type GatewayExecutorOptions,
  type GatewayRequest,
  type GatewayResult,
} from './gateway-executor.js';
export { printStitchingSdl } from './print-sdl.js';
export {
  type ConnectionsSubschema,
  type LocalSubschemaOptions,
  type RemoteSubschemaOptions,
  subschemaConfig,
} from './subschema-config.js';
