import { raw } from 'h3';

import type { Faults } from '../faults.js';
import { FAULT_PRESETS, findActivePreset, type FaultPreset } from './fault-presets.js';
import { type Markup, markup } from './markup.js';

/** Shows which fault is on, and lets another one be chosen, or none. */
export function toFaultForm(faults: Faults): Markup {
  const active = findActivePreset(faults);
  const label = active ? active.label : `faults from code, ${faults.waiting.length} of them`;
  return markup`
<p>On now: <strong>${label}</strong>.</p>
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
