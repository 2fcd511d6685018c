import type { IncomingMessage, ServerResponse } from 'node:http';

import type { FetchAPI, Plugin } from 'graphql-yoga';

import { GRAPHQL_PATH, pathOf } from '../http/request-path.js';

/** What a request of node:http comes with. */
export interface NodeContext {
  readonly req?: IncomingMessage;
  readonly res?: ServerResponse;
}

/** Answers a request, or lets it pass: null. */
export type Middleware = (
  request: Request,
  context: NodeContext,
  fetchApi: FetchAPI,
) => Response | null | Promise<Response | null>;

/**
 * Has a request pass one after the other, and then Yoga's own plugins. All of them are one handler, which waits for those
 * alone that have to be waited for: what Yoga does for each plugin takes longer than most of them.
 */
export function useMiddleware(chain: readonly Middleware[]): Plugin<object, NodeContext> {
  const passAll: (...request: Parameters<Middleware>) => Promise<Response | null> = async (...request) => {
    for (const pass of chain) {
      const answer = pass(...request);
      const response = answer instanceof Promise ? await answer : answer;
      if (response) return response;
    }
    return null;
  };
  return {
    onRequest({ request, serverContext, fetchAPI, requestHandler, setRequestHandler, endResponse }) {
      if (pathOf(request.url) === GRAPHQL_PATH) {
        setRequestHandler(async (...asked) => (await passAll(...asked, fetchAPI)) ?? requestHandler(...asked));
        return undefined;
      }
      // Yoga has an answer of its own at any other path, which comes before handlers.
      return endBy(passAll(request, serverContext, fetchAPI), endResponse);
    },
  };
}

async function endBy(answer: Promise<Response | null>, endResponse: (response: Response) => void): Promise<void> {
  const response = await answer;
  if (response) endResponse(response);
}
