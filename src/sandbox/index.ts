export type { Envelope, SandboxGeneration, TokenField } from './body.js';
export type { Fault, Faults } from './faults.js';
export type { LoggedRequest, RequestLog } from './requests.js';
export {
  createSandbox,
  type ListeningSandbox,
  type Sandbox,
  SANDBOX_CREDENTIALS,
  type SandboxListenOptions,
  type SandboxOptions,
} from './sandbox.js';
export { DEFAULT_SEED } from './seed.js';
export type { SandboxConnection, SandboxConnector, SandboxSeed, SandboxStore, SeedConnection } from './store.js';
