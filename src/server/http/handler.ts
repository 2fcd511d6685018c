import type { RequestListener } from 'node:http';
import { createEndOfTurn } from '../../platform/end-of-turn.js';
import type { Authenticate } from '../auth/authenticate.js';
import type { RateLimit } from '../auth/rate-limit.js';
import type { Graphiql } from '../graphiql/graphiql.js';
import type { Engine } from '../graphql/engine.js';
import type { TrustedDocuments } from '../graphql/trusted-documents.js';
import { type ObserveLookup, RequestRecord } from '../request-record.js';
import type { Observer } from '../telemetry/observer.js';
import { type Answer, Refusal, toJsonAnswer, writeAnswer } from './answers.js';
import type { Load } from './load.js';
import { readParameters, requireOperation } from './operation.js';
import { requireAllowance, requireCaller } from './caller.js';
import { createCors, findResponseKind, requireJsonPost, toContentType, toResultAnswer } from './negotiation.js';
import { findPage } from './page.js';

const GRAPHQL_PATH = '/graphql';

const NOT_FOUND: Answer = {
  status: 404,
  headers: { 'content-type': 'text/plain;charset=UTF-8' },
  body: 'GraphQL is at /graphql.\n',
};

/** The state of the platform: `down` while the breaker is open, else `up`. */
export interface PlatformState {
  readonly observer: Observer;
  read(): 'up' | 'down';
}

/** Creates the state of the platform, which follows the breaker. */
export function createPlatformState(): PlatformState {
  let state: 'up' | 'down' = 'up';
  return {
    observer: {
      onPlatformEvent: (event) => {
        if (event.type === 'breaker') state = event.state === 'open' ? 'down' : 'up';
      },
    },
    read: () => state,
  };
}

/** Configures {@link createHandler}. */
export interface HandlerOptions {
  readonly engine: Engine;
  readonly authenticate: Authenticate;
  readonly rateLimit: RateLimit;
  readonly trustedDocuments?: TrustedDocuments | undefined;
  readonly graphiql?: Graphiql | null | undefined;
  /** Origins whose pages may read responses, such as `https://app.example.com`. @default none */
  readonly corsOrigins?: readonly string[] | undefined;
  readonly platformState: PlatformState;
  /** Returns whether the audit events that tokens need can be written. @default always */
  readonly canRecord?: (() => boolean) | undefined;
  readonly load: Load;
  readonly observer: Required<Observer>;
}

/**
 * Creates the HTTP request handler: GraphQL at `/graphql`, liveness at `/health`, readiness at `/ready`.
 *
 * Requests that arrive in the same event-loop turn are handled together at its end. See decision 031.
 */
export function createHandler(options: HandlerOptions): RequestListener {
  const { engine, authenticate, rateLimit, trustedDocuments, graphiql, observer } = options;
  const cors = createCors(options.corsOrigins ?? []);
  const observeLookup: ObserveLookup = (record, key) => observer.onLookupStart(record, key);
  const atEndOfTurn = createEndOfTurn();

  /** Runs the steps of a request in order. A step that refuses the request throws a {@link Refusal}. */
  const handle = async (record: RequestRecord): Promise<Answer | null> => {
    const isGraphqlPath = record.path === GRAPHQL_PATH;

    // Preflight. Answered under any load, or else the page could not read why its operation is refused.
    const preflight = isGraphqlPath ? cors.answerPreflight(record) : null;
    if (preflight) return preflight;

    // Load. Probes succeed while the server is overloaded, but not while it shuts down. `/ready` fails before that.
    requireCapacity(options, record.path);

    // Probe. Ready even while the platform is down, or else a load balancer would remove every replica.
    if (record.path === '/health') return toJsonAnswer({ status: 'alive' });
    if (record.path === '/ready') return toReadiness(options);

    // Page.
    const page = graphiql && (await findPage(record, graphiql, { authenticate, rateLimit, isGraphqlPath }));
    if (page) return page;
    if (!isGraphqlPath) return NOT_FOUND;

    // Caller and rate limit. They come first, so that an unauthenticated client sees no other error.
    record.authenticated = await requireCaller(record, authenticate);
    await requireAllowance(record.authenticated, rateLimit);

    // Method and media type.
    const kind = requireJsonPost(record);

    // Body and document.
    const operation = requireOperation(await readParameters(record.request), trustedDocuments);
    observer.onOperationStart(record);

    // Execution and response.
    if (kind === 'stream') return engine.stream(record, operation, cors.headersFor(record));
    const result = await engine.execute(record, operation);
    observer.onOperationEnd(record, result);
    return toResultAnswer(result, kind);
  };

  const refuse = (record: RequestRecord, error: unknown): Answer => {
    const refusal = error instanceof Refusal ? error : new Refusal(500, 'INTERNAL_SERVER_ERROR');
    const { code, options: facts } = refusal;
    if (refusal !== error) observer.onFailure({ code: 'INTERNAL_SERVER_ERROR', requestId: record.requestId, error });
    observer.onRefusal({ record, code, reason: facts.reason, credential: facts.credential });
    return refusal.toAnswer(record, toContentType(findResponseKind(record)));
  };

  const serve = async (record: RequestRecord): Promise<void> => {
    // The client has hung up in the meantime and cannot read a response.
    if (record.request.destroyed) return;
    const answer = await handle(record).catch((error: unknown) => refuse(record, error));
    if (record.authenticated) options.load.identify(record.request.socket);
    if (answer) writeAnswer(record, answer, cors.headersFor(record));
  };

  return (request, response) => {
    const record = new RequestRecord(request, response, observeLookup);
    // Not expected to reject. If it does, only this request ends, not the process.
    atEndOfTurn(() => void serve(record).catch(() => response.destroy()));
  };
}

/** Not ready while tokens are withheld because their audit events cannot be written. */
function toReadiness({ platformState, canRecord = () => true }: HandlerOptions): Answer {
  const platform = platformState.read();
  if (canRecord()) return toJsonAnswer({ status: 'ready', platform });
  return { ...toJsonAnswer({ status: 'not-ready', reason: 'audit', platform }), status: 503 };
}

/** Refuses a request while the server is overloaded or shutting down. Closes its connection to keep a refusal cheap. */
function requireCapacity({ load, observer }: HandlerOptions, path: string): void {
  const isReadiness = path === '/ready';
  const problem = load.findProblem(isReadiness);
  if (!problem || (problem.code === 'OVERLOADED' && (isReadiness || path === '/health'))) return;
  if (problem.code === 'OVERLOADED') observer.onOverload(problem.inFlight, problem.reason);
  throw new Refusal(503, problem.code, { headers: { connection: 'close' }, retryAfterMs: 1_000 });
}
