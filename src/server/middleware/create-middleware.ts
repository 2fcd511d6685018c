import type { IncomingMessage, OutgoingHttpHeaders, RequestListener, ServerResponse } from 'node:http';

import type { FetchAPI, Plugin } from 'graphql-yoga';

import { createEndOfTurn } from '../../platform/end-of-turn.js';
import type { OnFailure } from '../../schema/firewall.js';
import type { Answer } from '../http/answer.js';
import { type AskedRequest, Incoming } from '../http/asked-request.js';
import { refuse } from '../http/refuse.js';
import { GRAPHQL_PATH, pathOf } from '../http/request-path.js';
import { recordOf, shareRecord } from '../operations/operation-record.js';
import { toAnswerHeaders } from '../plugins/response-headers.js';

/** What a request of node:http comes with. */
export interface NodeContext {
  readonly req?: IncomingMessage;
  readonly res?: ServerResponse;
}

/** A result, which passes Yoga by. */
export class OperationAnswer implements Answer {
  readonly headers: Answer['headers'];

  constructor(
    readonly body: string,
    contentType: string,
  ) {
    this.headers = { 'content-type': contentType };
  }
}

/** Answers a request, or lets it pass: null. */
export type Middleware = (request: AskedRequest, context: NodeContext) => Answer | null | Promise<Answer | null>;

/** A request that has passed before it was Yoga's, and what it came to. */
interface Passed {
  readonly request: AskedRequest;
  readonly answer: Answer | null;
}

/**
 * Has each request pass one middleware after the other, and then Yoga's own plugins. All of them are one handler, which
 * waits for those alone that have to be waited for: what Yoga does for each plugin takes longer than most of them.
 *
 * @param onFailure is told if one throws: that is a bug, which is answered like any other
 * @returns `plugin` has every request pass that has not yet. `before` makes the listener of node:http: an ordinary
 * operation passes there already, and if a middleware has its result, no request and response of the web's kind are made
 * for it. All else that may come of it, an error say, is Yoga's to answer.
 */
export function createMiddleware(
  chain: readonly Middleware[],
  onFailure: OnFailure,
): {
  readonly plugin: Plugin<object, NodeContext>;
  readonly before: (yoga: RequestListener) => RequestListener;
} {
  const passed = new WeakMap<IncomingMessage, Passed>();
  const atEndOfTurn = createEndOfTurn();

  const passAll = async (request: AskedRequest, context: NodeContext): Promise<Answer | null> => {
    try {
      for (const pass of chain) {
        const answer = pass(request, context);
        const settled = answer instanceof Promise ? await answer : answer;
        if (settled) return settled;
      }
      return null;
    } catch (error) {
      // Yoga would answer with its stack.
      onFailure({ code: 'INTERNAL_SERVER_ERROR', requestId: recordOf(request).requestId, error });
      return refuse(request, 500, 'INTERNAL_SERVER_ERROR');
    }
  };

  const pass = async (request: Request, context: NodeContext, { Response }: FetchAPI): Promise<Response | null> => {
    const early = context.req && passed.get(context.req);
    if (early) shareRecord(early.request, request);
    const answer = early ? early.answer : await passAll(request, context);
    if (!answer) return null;
    const { status = 200, headers, body } = answer;
    // A copy: what is put into the headers of this response would be in the next one's as well.
    return new Response(body, { status, headers: { ...headers } });
  };

  const plugin: Plugin<object, NodeContext> = {
    onRequest({ request, serverContext, fetchAPI, requestHandler, setRequestHandler, endResponse }) {
      if (pathOf(request.url) === GRAPHQL_PATH) {
        setRequestHandler(async (...asked) => (await pass(...asked, fetchAPI)) ?? requestHandler(...asked));
        return undefined;
      }
      // Yoga has an answer of its own at any other path, which comes before handlers.
      return endBy(pass(request, serverContext, fetchAPI), endResponse);
    },
  };

  const before = (yoga: RequestListener): RequestListener => {
    const answerOrHandOn = async (req: IncomingMessage, res: ServerResponse) => {
      // Its client hung up meanwhile: nobody reads an answer.
      if (req.destroyed) return;
      const request = new Incoming(req);
      const answer = await passAll(request, { req, res });
      if (answer instanceof OperationAnswer) {
        write(res, answer, recordOf(request).requestId);
        return;
      }
      passed.set(req, { request, answer });
      yoga(req, res);
    };
    return (req, res) => {
      if (!isOrdinary(req)) return yoga(req, res);
      // Nothing of it is meant to throw. If it does, that is the end of this request, and not of the process.
      atEndOfTurn(() => void answerOrHandOn(req, res).catch(() => res.destroy()));
    };
  };

  return { plugin, before };
}

/** Tells whether nothing but the operation itself decides how a request is answered: what pages of other origins may read is for Yoga to say. */
function isOrdinary({ method, url, headers }: IncomingMessage): boolean {
  return method === 'POST' && url === GRAPHQL_PATH && headers.origin === undefined;
}

function write(response: ServerResponse, { headers: own, body }: OperationAnswer, requestId: string): void {
  const headers: OutgoingHttpHeaders = Object.assign(toAnswerHeaders(requestId), own);
  headers['content-length'] = Buffer.byteLength(body);
  response.writeHead(200, headers).end(body);
}

async function endBy(answer: Promise<Response | null>, endResponse: (response: Response) => void): Promise<void> {
  const response = await answer;
  if (response) endResponse(response);
}
