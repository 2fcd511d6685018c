import { H3, onError } from 'h3';
import { createRefusal, refuseForeignRequest } from './browser-request.js';
import { addCatalog } from './catalog.js';
import { addOverview, type OverviewOptions } from './overview.js';
import { createShowPage, markup } from './page.js';

/** Creates the pages for people: an overview at `/`, and the catalog. */
export function createPages(options: OverviewOptions): H3 {
  const pages = new H3();
  const showPage = createShowPage(options.store.connectors());
  pages.use(
    onError(({ unhandled, status, statusText = 'Nothing changed', message }) =>
      unhandled ? undefined : showPage({ status, title: statusText, content: markup`<p>${message}</p>` }),
    ),
  );
  pages.use(refuseForeignRequest);
  addOverview(pages, options, showPage);
  addCatalog(pages, options.store, showPage);
  // Browsers request the icon, and log an error without it.
  pages.get('/favicon.ico', () => new Response(null, { status: 204 }));
  pages.all('/**', () => {
    const message = `This page does not exist. The pages are linked above. The Platform API is at ${options.apiRoot}.`;
    throw createRefusal(404, 'Not found', message);
  });
  return pages;
}
