import { setFlagsFromString } from 'node:v8';

const FLAGS = [
  // Helper threads that collect young objects cost more CPU time than they save the main thread.
  '--no-parallel-scavenge',
  // V8 would allocate objects in the old generation if most of their kind survive a few collections. Here they live
  // until the platform responds, and would then be garbage that retains the objects they refer to.
  '--no-allocation-site-pretenuring',
  // undici's parser is one huge WebAssembly function. Unrolling its loops takes 11 MiB and does not make it faster.
  '--no-wasm-loop-unrolling',
];

/**
 * Sets V8 flags for a server that mostly waits for lookups (docs/decisions/030). Up to Node 24, V8 reads them whenever
 * it collects or compiles. They affect the whole process, so the program sets them, not the library.
 */
export function setV8Flags(): void {
  for (const flag of FLAGS) setFlagsFromString(flag);
}
