export { printStitchingSdl } from './print-sdl.js';
export {
  type ConnectionsSubschema,
  type LocalSubschemaOptions,
  type RemoteSubschemaOptions,
  subschemaConfig,
} from './subschema-config.js';
