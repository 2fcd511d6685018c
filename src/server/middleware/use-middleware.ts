import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Plugin } from 'graphql-yoga';

/** What a request of node:http comes with. */
export interface NodeContext {
  readonly req?: IncomingMessage;
  readonly res?: ServerResponse;
}

/** Answers a request, or lets it pass: null. */
export type Middleware = (request: Request, context: NodeContext) => Response | null | Promise<Response | null>;

/**
 * Has a request pass one after the other, before anything of its body is read. One plugin for all of them, which waits
 * for those alone that have to be waited for: what Yoga does for each plugin takes longer than most of them.
 */
export function useMiddleware(chain: readonly Middleware[]): Plugin<object, NodeContext> {
  const passFrom = (index: number, request: Request, context: NodeContext): ReturnType<Middleware> => {
    for (let next = index; next < chain.length; next += 1) {
      const answer = chain[next]?.(request, context) ?? null;
      if (answer instanceof Promise) return answer.then((late) => late ?? passFrom(next + 1, request, context));
      if (answer) return answer;
    }
    return null;
  };
  return {
    onRequest({ request, serverContext, endResponse }) {
      const answer = passFrom(0, request, serverContext);
      if (answer instanceof Promise) {
        return answer.then((late) => {
          if (late) endResponse(late);
        });
      }
      if (answer) endResponse(answer);
      return undefined;
    },
  };
}
