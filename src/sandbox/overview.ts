import { type H3, raw } from 'h3';

import { FAULT_PRESETS, findActivePreset, type FaultPreset } from './fault-presets.js';
import type { Faults } from './faults.js';
import { readForm } from './form.js';
import { type Markup, markup } from './markup.js';
import { MESSAGE_ANCHOR, type ShowPage, toMessage } from './page.js';
import { createRefusal } from './refusal.js';
import type { LoggedRequest, RequestLog } from './request-log.js';
import { toGroupTable, toPeopleTable } from './state-table.js';
import type { SandboxStore } from './store.js';

/** What the overview shows and changes. */
export interface OverviewOptions {
  readonly store: SandboxStore;
  readonly faults: Faults;
  readonly requests: RequestLog;
  /** Path of the Platform API. */
  readonly apiRoot: string;
}

/** Adds the overview, `/`: everybody and how they stand, faults to switch on, and what the gateway asked. */
export function addOverview(pages: H3, options: OverviewOptions, showPage: ShowPage): void {
  const { store, faults, requests, apiRoot } = options;

  pages.get('/', (event) => {
    const done = DONE.get(event.url.searchParams.get('done') ?? '');
    return showPage({
      title: 'Overview',
      path: '/',
      content: markup`
<p>This stands in for the Xkit Platform API, at <code>${apiRoot}</code>. What you change here is what a gateway reads next.</p>
${done === undefined ? null : toMessage(markup`${done}`)}
<section>
<h2 id="people">People</h2>
<p>Choose a connection to repair it, to break it or to end it.</p>
${toPeopleTable(store)}
</section>
<section>
<h2 id="groups">Groups</h2>
<p>A group has the best connection among its users.</p>
${toGroupTable(store)}
</section>
<section>
<h2>Faults</h2>
${toFaultForm(faults)}
</section>
<section>
<h2 id="requests" tabindex="-1">Requests</h2>
${toRequestTable(requests.entries)}
</section>
<section>
<h2>Start over</h2>
<form method="post" action="/start-over">
<p>Brings back the people and their connections as they were at the start, ends every fault and clears the requests.</p>
<button>Start over</button>
</form>
</section>`,
    });
  });

  pages.post('/faults', async (event) => {
    const name = (await readForm(event)).get('fault');
    const preset = FAULT_PRESETS.find((one) => one.name === name);
    if (!preset) throw createRefusal(422, 'Nothing done', 'The form names no fault. Choose one on the overview.');
    faults.clear();
    if (preset.fault) faults.add(preset.fault);
    return toOverview(preset.fault ? 'fault' : 'no-fault');
  });
  pages.post('/requests/clear', () => {
    requests.clear();
    return toOverview('clear');
  });
  pages.post('/start-over', () => {
    store.reset();
    faults.clear();
    requests.clear();
    return toOverview('start-over');
  });
}

const DONE: ReadonlyMap<string, string> = new Map([
  ['fault', 'The fault is on. It hits every request until it is switched off.'],
  ['no-fault', 'No fault is on. A gateway that had given up on the platform finds out within a few seconds.'],
  ['clear', 'The requests are cleared.'],
  ['start-over', 'Everything is as it was at the start.'],
]);

function toOverview(done: string): Response {
  return new Response(null, { status: 303, headers: { location: `/?done=${done}${MESSAGE_ANCHOR}` } });
}

function toFaultForm(faults: Faults): Markup {
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
${active?.fault || !active ? toSwitchOff() : null}`;
}

function toSwitchOff(): Markup {
  return markup`<form method="post" action="/faults"><input type="hidden" name="fault" value="none"><button>Switch off<span class="hidden"> the fault</span></button></form>`;
}

function toChoice({ name, label, effect }: FaultPreset, isActive: boolean): Markup {
  const id = `fault-${name}`;
  return markup`<div class="choice">
<input type="radio" name="fault" required id="${id}" value="${name}" aria-describedby="${id}-effect"${isActive ? raw(' checked') : null}>
<label for="${id}">${label}</label>
<p id="${id}-effect">${effect}</p>
</div>`;
}

/** How many requests the page shows. */
const SHOWN_REQUESTS = 50;

function toRequestTable(entries: readonly LoggedRequest[]): Markup {
  // The query makes it another address each time: a link to an anchor of the same one would not load anything.
  const refresh = markup`<a href="/?at=${Date.now()}#requests">Refresh<span class="hidden"> the requests</span></a>`;
  const newest = entries.slice(-SHOWN_REQUESTS).toReversed();
  if (newest.length === 0) return markup`<p>None so far: ask a gateway for a connection. ${refresh}</p>`;
  return markup`
<form method="post" action="/requests/clear">
<p>${refresh} <button>Clear<span class="hidden"> the requests</span></button></p>
</form>
<div class="scroll" role="region" aria-labelledby="requests" tabindex="0">
<table>
<caption>What a gateway asked, newest first: ${newest.length} of ${entries.length}</caption>
<thead><tr><th scope="col">Time</th><th scope="col">Method</th><th scope="col">Path</th><th scope="col">Status</th><th scope="col">Credentials</th></tr></thead>
<tbody>${newest.map(toRequestRow)}</tbody>
</table>
</div>`;
}

function toRequestRow({ time, method, path, status, credentials }: LoggedRequest): Markup {
  const date = new Date(time);
  return markup`<tr><td><time datetime="${date.toISOString()}">${date.toTimeString().slice(0, 8)}</time></td><td>${method}</td><td><code>${path}</code></td><td>${status ?? 'none'}</td><td>${credentials}</td></tr>`;
}
