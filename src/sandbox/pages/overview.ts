import type { H3 } from 'h3';

import { toFaultForm } from './fault-form.js';
import { FAULT_PRESETS, findActivePreset } from './fault-presets.js';
import type { Faults } from '../faults.js';
import { readForm } from './form.js';
import { type Markup, markup } from './markup.js';
import { MESSAGE_ANCHOR, type ShowPage, toMessage } from './page.js';
import { createRefusal } from './refusal.js';
import type { RequestLog } from '../request-log.js';
import { toRequestTable } from './request-table.js';
import { toGroupTable, toPeopleTable } from './state-table.js';
import type { SandboxStore } from '../store.js';

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
    const done = toDone(event.url.searchParams.get('done'), faults);
    return showPage({
      title: 'Overview',
      path: '/',
      content: markup`
<p>This stands in for the Xkit Platform API, at <code>${apiRoot}</code>. What you change here is what a gateway reads next.</p>
${done && toMessage(done)}
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

/** Says what the last press of a button did, unless it is no longer so. */
function toDone(name: string | null, faults: Faults): Markup | null {
  if (name === 'fault') {
    const active = findActivePreset(faults);
    if (!active?.fault) return null;
    return markup`${active.label}: the fault hits every request until it is switched off. <a href="#faults">To the faults</a>`;
  }
  const sentence = DONE.get(name ?? '');
  return sentence === undefined ? null : markup`${sentence}`;
}

const DONE: ReadonlyMap<string, string> = new Map([
  ['no-fault', 'No fault is on. A gateway that had given up on the platform finds out within a few seconds.'],
  ['clear', 'The requests are cleared.'],
  ['start-over', 'Everything is as it was at the start.'],
]);

function toOverview(done: string): Response {
  return new Response(null, { status: 303, headers: { location: `/?done=${done}${MESSAGE_ANCHOR}` } });
}
