import { setFlagsFromString } from 'node:v8';

const FLAGS = [
  // Helper threads that collect young objects cost more CPU time than they save the main thread.
  '--no-parallel-scavenge',
  // If most objects of a kind survive a few collections, V8 allocates later ones in the old generation. Here they live
  // until the platform responds. In the old generation, they are then garbage that retains the objects they refer to.
  '--no-allocation-site-pretenuring',
  // undici's parser is one huge WebAssembly function: unrolling its loops takes 11 MiB and makes it no faster.
  '--no-wasm-loop-unrolling',
];

/**
 * Sets the V8 flags that suit a server that mostly waits for lookups (docs/decisions/030). V8 reads these flags
 * whenever it collects or compiles. They affect the whole process, so the program sets them, and not the library.
 */
export function setV8Flags(): void {
  for (const flag of FLAGS) setFlagsFromString(flag);
}
