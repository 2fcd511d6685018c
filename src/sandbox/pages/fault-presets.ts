import type { Fault, Faults } from '../faults.js';

/** A fault that the overview page can switch on. */
export interface FaultPreset {
  /** What forms send. */
  readonly name: string;
  readonly label: string;
  /** Says what callers of a gateway see meanwhile. */
  readonly effect: string;
  /** Absent where nothing goes wrong. */
  readonly fault?: Fault;
}

/** The faults of the overview page. Each hits every request until it is switched off. */
export const FAULT_PRESETS: readonly FaultPreset[] = [
  { name: 'none', label: 'None', effect: 'Requests are answered as usual.' },
  {
    name: 'slow',
    label: 'Slow',
    effect: 'Each answer comes 2 s late. Callers wait for it, or get PLATFORM_TIMEOUT if they may not wait so long.',
    fault: { delayMs: 2_000, times: Infinity },
  },
  {
    name: 'down',
    label: 'Down',
    effect: 'Each answer is 503. Callers get PLATFORM_UNAVAILABLE, and no repair link: there is nothing to repair.',
    fault: { status: 503, times: Infinity },
  },
  {
    name: 'rate-limited',
    label: 'Rate limited',
    effect: 'Each answer is 429, to be repeated in 30 s. Callers get PLATFORM_RATE_LIMITED with retryAfterMs.',
    fault: { status: 429, headers: { 'retry-after': '30' }, times: Infinity },
  },
  {
    name: 'broken-body',
    label: 'Broken body',
    effect: 'Each answer is 200 with HTML. Callers get PLATFORM_BAD_RESPONSE.',
    fault: { body: '<html>', headers: { 'content-type': 'text/html' }, times: Infinity },
  },
  {
    name: 'broken-connection',
    label: 'Broken connection',
    effect: 'Each connection breaks before the answer. Callers get PLATFORM_UNAVAILABLE.',
    fault: { disconnect: 'before-response', times: Infinity },
  },
];

/** Finds the preset that is on; undefined where other faults wait than this page's. */
export function findActivePreset({ waiting }: Faults): FaultPreset | undefined {
  return FAULT_PRESETS.find(({ fault }) => (fault ? waiting.includes(fault) : waiting.length === 0));
}
