import { type Markup, markup } from './markup.js';
import type { LoggedRequest } from '../request-log.js';

/** Shows the newest 50 requests of the Platform API, newest first. */
export function toRequestTable(entries: readonly LoggedRequest[]): Markup {
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

const SHOWN_REQUESTS = 50;

function toRequestRow({ time, method, path, status, credentials }: LoggedRequest): Markup {
  const date = new Date(time);
  return markup`<tr><td><time datetime="${date.toISOString()}">${date.toTimeString().slice(0, 8)}</time></td><td>${method}</td><td><code>${path}</code></td><td>${status ?? 'none'}</td><td>${credentials}</td></tr>`;
}
