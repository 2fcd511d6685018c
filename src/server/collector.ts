import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 collect young objects by the main thread alone.
 *
 * By default it shares that work with helper threads, which takes more of the processors in all: a tenth of what an
 * operation costs, with nothing gained for how long one takes (docs/performance.md). V8 looks at this flag whenever it
 * collects. It is one of the whole process, so it is for a program of our own to set, and not for a library.
 */
export function collectOnMainThread(): void {
  setFlagsFromString('--no-parallel-scavenge');
}
