import type { Sandbox } from '../../src/sandbox/index.js';

/** A page of the sandbox, as a person sees it. */
export interface VisitedPage {
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  /** The visible text, without markup. */
  readonly text: string;
  /** The text of the element with `role="status"`, or null. */
  readonly message: string | null;
  /** The names of the buttons, as a screen reader reads them. */
  readonly buttons: readonly string[];
}

/** A person who opens the sandbox's pages and presses their buttons. */
export interface Visitor {
  open(path: string): Promise<VisitedPage>;
  /** Presses a button of a page by its name, with additional form fields, and follows the redirect. */
  press(path: string, button: string, fields?: Record<string, string>): Promise<VisitedPage>;
}

/** Creates a visitor of a sandbox in this process. It parses only the HTML of these pages. */
export function createVisitor({ fetch }: Pick<Sandbox, 'fetch'>): Visitor {
  const open = async (path: string) => toPage(await fetch(`http://localhost${path}`));
  return {
    open,
    press: async (path, button, fields = {}) => {
      const { html } = await open(path);
      const form = findForms(html).find(({ buttons }) => buttons.some(({ name }) => name === button));
      if (!form) throw new Error(`There is no button ${button} at ${path}.`);
      const pressed = form.buttons.find(({ name }) => name === button)?.field ?? {};
      const response = await fetch(`http://localhost${form.action}`, {
        method: 'POST',
        body: new URLSearchParams({ ...form.hidden, ...fields, ...pressed }),
      });
      const location = response.headers.get('location');
      return response.status === 303 && location !== null ? open(location) : toPage(response);
    },
  };
}

async function toPage(response: Response): Promise<VisitedPage> {
  const html = await response.text();
  const message = /role="status"[^>]*>([\s\S]*?)<\/p>/.exec(html)?.[1];
  return {
    status: response.status,
    headers: response.headers,
    html,
    text: toText(html.replace(/<style[\s\S]*?<\/style>/, '')),
    message: message === undefined ? null : toText(message),
    buttons: findForms(html).flatMap(({ buttons }) => buttons.map(({ name }) => name)),
  };
}

function findForms(html: string) {
  return [...html.matchAll(/<form method="post" action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/g)].map(
    ([, action = '', content = '']) => ({
      action: unescape(action),
      hidden: toFields(content.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)),
      buttons: [...content.matchAll(/<button([^>]*)>([\s\S]*?)<\/button>/g)].map(([, attributes = '', label = '']) => ({
        name: toText(label),
        field: toFields(attributes.matchAll(/name="([^"]*)" value="([^"]*)"/g)),
      })),
    }),
  );
}

function toFields(found: Iterable<RegExpExecArray>): Record<string, string> {
  return Object.fromEntries([...found].map(([, name = '', value = '']) => [name, unescape(value)]));
}

function toText(html: string): string {
  return unescape(html.replaceAll('<br>', ' ').replaceAll(/<[^>]*>/g, ''))
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function unescape(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
