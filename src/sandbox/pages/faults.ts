import { raw } from 'h3';
import type { Fault, Faults } from '../faults.js';
import { type Markup, markup } from './page.js';

interface FaultPreset {
  /** The value that forms send. */
  readonly name: string;
  readonly label: string;
  readonly effect: string;
  /** Absent for the preset without a fault. */
  readonly fault?: Fault;
}

/** The faults of the overview page. Each hits every request until it is switched off. */
export const FAULT_PRESETS: readonly FaultPreset[] = [
  { name: 'none', label: 'None', effect: 'The platform responds as usual.' },
  {
    name: 'slow',
    label: 'Slow',
    effect:
      'Each response is 2 s late. Callers wait for it, or get PLATFORM_TIMEOUT if the timeout of the gateway is shorter.',
    fault: { delayMs: 2_000, times: Infinity },
  },
  {
    name: 'down',
    label: 'Down',
    effect:
      'Each response is HTTP 503. Callers get PLATFORM_UNAVAILABLE, but no repair link, because there is nothing to repair.',
    fault: { status: 503, times: Infinity },
  },
  {
    name: 'rate-limited',
    label: 'Rate limited',
    effect:
      'Each response is HTTP 429, which allows a retry after 30 s. Callers get PLATFORM_RATE_LIMITED with retryAfterMs.',
    fault: { status: 429, headers: { 'retry-after': '30' }, times: Infinity },
  },
  {
    name: 'broken-body',
    label: 'Broken body',
    effect: 'Each response is HTTP 200 with HTML. Callers get PLATFORM_BAD_RESPONSE.',
    fault: { body: '<html>', headers: { 'content-type': 'text/html' }, times: Infinity },
  },
  {
    name: 'broken-connection',
    label: 'Broken connection',
    effect: 'Each connection breaks before the response. Callers get PLATFORM_UNAVAILABLE.',
    fault: { disconnect: 'before-response', times: Infinity },
  },
];

/** Returns the active preset, or undefined if all waiting faults come from code. */
export function findActivePreset({ waiting }: Faults): FaultPreset | undefined {
  return FAULT_PRESETS.find(({ fault }) => (fault ? waiting.includes(fault) : waiting.length === 0));
}

/** Renders the active fault, and the form to change it. */
export function toFaultForm(faults: Faults): Markup {
  const active = findActivePreset(faults);
  const label = active ? active.label : `faults from code (${faults.waiting.length})`;
  return markup`
<p>Active fault: <strong>${label}</strong>.</p>
<form method="post" action="/faults">
<fieldset>
<legend>What happens to each request</legend>
${FAULT_PRESETS.map((preset) => toChoice(preset, preset === active))}
</fieldset>
<button>Apply<span class="hidden"> the fault</span></button>
</form>
${active?.name === 'none' ? null : SWITCH_OFF}`;
}

const SWITCH_OFF = markup`
<form method="post" action="/faults">
<input type="hidden" name="fault" value="none">
<button>Switch off<span class="hidden"> the fault</span></button>
</form>`;

function toChoice({ name, label, effect }: FaultPreset, isActive: boolean): Markup {
  const id = `fault-${name}`;
  return markup`<div class="choice">
<input type="radio" name="fault" required id="${id}" value="${name}" aria-describedby="${id}-effect"${isActive ? raw(' checked') : null}>
<label for="${id}">${label}</label>
<p id="${id}-effect">${effect}</p>
</div>`;
}
