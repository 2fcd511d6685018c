import { setFlagsFromString } from 'node:v8';

const FLAGS = [
  // Helper threads that collect young objects take more of the processors than they save the main thread.
  '--no-parallel-scavenge',
  // Where most objects of a kind lived through a few collections, V8 has all later ones be old from their birth. Here
  // they live as long as the platform takes to answer; once old they are garbage that keeps what they refer to.
  '--no-allocation-site-pretenuring',
  // undici's parser is WebAssembly, one huge function: to unroll its loops takes 11 MiB, and it is no faster for it.
  '--no-wasm-loop-unrolling',
];

/**
 * Tells V8 what suits a server that waits for lookups most of the time (docs/decisions/030). V8 looks at these flags
 * whenever it collects or compiles. They are of the whole process, so they are for a program of our own to set, and not
 * for a library.
 */
export function setV8Flags(): void {
  for (const flag of FLAGS) setFlagsFromString(flag);
}
