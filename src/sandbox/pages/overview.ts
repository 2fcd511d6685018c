import type { H3 } from 'h3';
import type { Faults } from '../faults.js';
import type { LoggedRequest, RequestLog } from '../requests.js';
import type { SandboxStore } from '../store.js';
import { createRefusal, readForm } from './browser-request.js';
import { FAULT_PRESETS, findActivePreset, toFaultForm } from './faults.js';
import { type Markup, markup, redirectToMessage, type ShowPage, toMessage } from './page.js';
import { toGroupTable, toPeopleTable } from './people.js';

export interface OverviewOptions {
  readonly store: SandboxStore;
  readonly faults: Faults;
  readonly requests: RequestLog;
  /** Path of the Platform API. */
  readonly apiRoot: string;
}

/** Adds the overview, `/`: people and the states of their connections, faults, and the gateway's requests. */
export function addOverview(pages: H3, options: OverviewOptions, showPage: ShowPage): void {
  const { store, faults, requests, apiRoot } = options;

  pages.get('/', (event) => {
    const done = toDone(event.url.searchParams.get('done'), faults);
    return showPage({
      title: 'Overview',
      path: '/',
      content: markup`
<p>This sandbox emulates the Xkit Platform API at <code>${apiRoot}</code>. A gateway sees your changes on its next read.</p>
${done && toMessage(done)}
<section>
<h2 id="people">People</h2>
<p>Choose a connection to repair, break or disconnect it.</p>
${toPeopleTable(store)}
</section>
<section>
<h2 id="groups">Groups</h2>
<p>A group has the healthiest connection among its users.</p>
${toGroupTable(store)}
</section>
<section>
<h2 id="faults" tabindex="-1">Faults</h2>
${toFaultForm(faults)}
</section>
<section>
<h2 id="requests" tabindex="-1">Requests</h2>
${toRequestTable(requests.entries)}
</section>
<section>
<h2>Start over</h2>
<form method="post" action="/start-over">
<p>Restores the initial people and connections, switches off all faults and clears the requests.</p>
<button>Start over</button>
</form>
</section>`,
    });
  });

  pages.post('/faults', async (event) => {
    const name = (await readForm(event)).get('fault');
    const preset = FAULT_PRESETS.find((one) => one.name === name);
    if (!preset)
      throw createRefusal(422, 'Nothing changed', 'The form has no known fault. Choose one on the overview.');
    faults.clear();
    if (preset.fault) faults.add(preset.fault);
    return redirectToMessage('/', { done: preset.fault ? 'fault' : 'no-fault' });
  });
  pages.post('/requests/clear', () => {
    requests.clear();
    return redirectToMessage('/', { done: 'clear' });
  });
  pages.post('/start-over', () => {
    store.reset();
    faults.clear();
    requests.clear();
    return redirectToMessage('/', { done: 'start-over' });
  });
}

/** Reports what the form did, unless the state has changed since. */
function toDone(name: string | null, faults: Faults): Markup | null {
  if (name === 'fault') {
    const active = findActivePreset(faults);
    if (!active?.fault) return null;
    return markup`${active.label}: the fault affects every request until you switch it off. <a href="#faults">Go to the faults</a>`;
  }
  const sentence = DONE.get(name ?? '');
  return sentence === undefined ? null : markup`${sentence}`;
}

const DONE: ReadonlyMap<string, string> = new Map([
  ['no-fault', 'No fault is active. A gateway whose breaker is open recovers within a few seconds.'],
  ['clear', 'The requests are cleared.'],
  ['start-over', 'The sandbox is in its initial state again.'],
]);

const SHOWN_REQUESTS = 50;

function toRequestTable(entries: readonly LoggedRequest[]): Markup {
  // A link to an anchor of the current URL loads nothing. The query makes the URL a new one.
  const refresh = markup`<a href="/?at=${Date.now()}#requests">Refresh<span class="hidden"> the requests</span></a>`;
  const newest = entries.slice(-SHOWN_REQUESTS).toReversed();
  if (newest.length === 0) return markup`<p>No requests yet. Query a connection through a gateway. ${refresh}</p>`;
  return markup`
<form method="post" action="/requests/clear">
<p>${refresh} <button>Clear<span class="hidden"> the requests</span></button></p>
</form>
<div class="scroll" role="region" aria-labelledby="requests" tabindex="0">
<table>
<caption>Requests of gateways, newest first: ${newest.length} of ${entries.length}</caption>
<thead><tr><th scope="col">Time</th><th scope="col">Method</th><th scope="col">Path</th><th scope="col">Status</th><th scope="col">Credentials</th></tr></thead>
<tbody>${newest.map(toRequestRow)}</tbody>
</table>
</div>`;
}

function toRequestRow({ time, method, path, status, credentials }: LoggedRequest): Markup {
  const date = new Date(time);
  return markup`<tr><td><time datetime="${date.toISOString()}">${date.toTimeString().slice(0, 8)}</time></td><td>${method}</td><td><code>${path}</code></td><td>${status ?? 'none'}</td><td>${credentials}</td></tr>`;
}
