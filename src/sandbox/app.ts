import { H3, type H3Event } from 'h3';
import { type Envelope, type SandboxGeneration, toBody, type TokenField } from './body.js';
import { applyFault, type Faults } from './faults.js';
import { createPages } from './pages/pages.js';
import { type LoggedRequest, readPathParameter, type RequestLog } from './requests.js';
import type { SandboxConnection, SandboxStore } from './store.js';

/** Path of the Platform API on the sandbox. */
export const API_ROOT = '/api/platform';

export interface SandboxAppOptions {
  readonly store: SandboxStore;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly publishableKey: string;
  readonly secretKey: string;
  readonly generation: SandboxGeneration;
  readonly envelope: Envelope;
  readonly tokenField: TokenField;
  readonly onRequest: (request: LoggedRequest) => void;
}

/** Creates the web application: the Platform API under `/api/platform`, and the pages for people. */
export function createSandboxApp(options: SandboxAppOptions): H3 {
  const { store, generation } = options;
  const app = new H3();

  const serveConnection = (read: (ownerId: string, slug: string) => SandboxConnection | null) => (event: H3Event) => {
    const ownerId = readPathParameter(event, 'owner');
    const connectorSlug = readPathParameter(event, 'connector');
    return serve(event, options, { ownerId, connectorSlug }, () => {
      const connection = read(ownerId, connectorSlug);
      return connection ? json(200, toBody(connection, options.envelope, options.tokenField)) : notFound();
    });
  };

  if (generation === 'contexts') {
    // This generation has one path for users and groups.
    const readContext = (id: string, slug: string) => store.readUser(id, slug) ?? store.readGroup(id, slug);
    app.get(`${API_ROOT}/contexts/:owner/connections/:connector`, serveConnection(readContext));
  } else {
    const userPath = generation === 'users' ? '/users/:owner/connections/:connector' : '/connections/:owner/:connector';
    app.get(API_ROOT + userPath, serveConnection(store.readUser));
    app.get(`${API_ROOT}/groups/:owner/connections/:connector`, serveConnection(store.readGroup));
  }

  app.post(`${API_ROOT}/users`, (event) => serve(event, options, NO_TARGET, () => provisionUser(event.req, store)));
  app.all(`${API_ROOT}/**`, (event) => serve(event, options, NO_TARGET, notFound));
  const pages = createPages({ ...options, apiRoot: API_ROOT });
  app.all('/**', (event) => pages.handler(event));
  return app;
}

const NO_TARGET = { ownerId: null, connectorSlug: null };

/** Serves a request of the Platform API: logs it, checks its Basic credentials, and applies a fault. */
async function serve(
  event: H3Event,
  options: SandboxAppOptions,
  target: { readonly ownerId: string | null; readonly connectorSlug: string | null },
  answer: () => Response | Promise<Response>,
): Promise<Response> {
  const credentials = checkCredentials(event.req.headers.get('authorization'), options);
  const logged: LoggedRequest = {
    time: Date.now(),
    method: event.req.method,
    // h3 partly decodes event.url.
    path: new URL(event.req.url).pathname,
    credentials,
    status: null,
  };
  options.requests.add(logged);

  const usualAnswer = async () => (credentials === 'right' ? await answer() : unauthorized());
  const fault = options.faults.take(target);
  const response = await (fault ? applyFault(fault, event.req.signal, usualAnswer) : usualAnswer());
  logged.status = response.type === 'error' ? null : response.status;
  options.onRequest(logged);
  // Over a real socket, a missing response closes the connection.
  if (response.type === 'error') event.runtime?.node?.req.socket.resetAndDestroy();
  return response;
}

async function provisionUser(request: Request, store: SandboxStore): Promise<Response> {
  const body = (await request.json().catch(() => null)) as { user?: Record<string, unknown> } | null;
  const { external_id: userId, external_group_id: groupId } = body?.user ?? {};
  if (
    typeof userId !== 'string' ||
    userId === '' ||
    (groupId !== undefined && groupId !== null && typeof groupId !== 'string')
  ) {
    return json(422, {
      error: 'user.external_id must be a non-empty string; user.external_group_id must be a string or absent',
    });
  }
  const isNew = store.provisionUser(userId, groupId ?? undefined);
  return json(isNew ? 201 : 200, { user: { external_id: userId, external_group_id: groupId ?? null } });
}

function checkCredentials(
  header: string | null,
  { publishableKey, secretKey }: Pick<SandboxAppOptions, 'publishableKey' | 'secretKey'>,
): LoggedRequest['credentials'] {
  if (header === null) return 'none';
  const encoded = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(header)?.[1] ?? '';
  return Buffer.from(encoded, 'base64').toString('utf8') === `${publishableKey}:${secretKey}` ? 'right' : 'wrong';
}

function json(status: number, body: object, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers });
}

// The Platform API does not specify the bodies of errors, so these are assumed.
function notFound(): Response {
  return json(404, { error: 'Not found' });
}

function unauthorized(): Response {
  return json(401, { error: 'Unauthorized' }, { 'www-authenticate': 'Basic realm="Xkit"' });
}
