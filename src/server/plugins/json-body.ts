import type { IncomingMessage } from 'node:http';

import { GraphQLError } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';

import { readChunks } from '../../platform/body.js';
import type { AskedRequest } from '../http/asked-request.js';
import type { NodeContext } from '../middleware/create-middleware.js';
import { recordOf } from '../operations/operation-record.js';

/** Longest body of a request, in bytes. */
const MAX_BODY_BYTES = 100_000;

/**
 * Reads the body of an operation, at most {@link MAX_BODY_BYTES} bytes of it.
 *
 * Yoga's own limit reads it through a web stream into a second request, which takes half of all that a small operation
 * costs: it is switched off, and this reads from node's request itself.
 */
export function useJsonBody(): Plugin<object, NodeContext> {
  return {
    onRequestParse({ request, serverContext, setRequestParser }) {
      setRequestParser(() => readParams(request, serverContext));
    },
  };
}

/**
 * Reads what the body of a request asks for; once, whoever wants to know.
 *
 * @returns rejects with a `GraphQLError` for whoever sent it
 */
export function readParams(request: AskedRequest, { req }: NodeContext): Promise<GraphQLParams> {
  return (recordOf(request).params ??= (req ? readNode(req) : readWeb(request)).then(parseParams));
}

function readNode(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const collect = (chunk: Buffer) => {
      length += chunk.byteLength;
      if (length <= MAX_BODY_BYTES) chunks.push(chunk);
      else {
        // What else comes is let through, so that the answer finds the connection as it has to be.
        request.off('data', collect).resume();
        reject(tooLarge());
      }
    };
    if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) {
      reject(tooLarge());
      return;
    }
    const giveUp = () => {
      if (!request.readableEnded) reject(badRequest('The request ended before its body did.'));
    };
    if (request.destroyed) {
      giveUp();
      return;
    }
    // All of it is there, as it almost always is.
    if (request.complete && request.readableLength <= MAX_BODY_BYTES) {
      resolve((request.read() as Buffer | null) ?? Buffer.alloc(0));
      return;
    }
    request.on('data', collect);
    request.once('end', () => resolve(Buffer.concat(chunks, length)));
    request.once('close', giveUp);
    request.once('error', giveUp);
  });
}

/** Reads a request that came by `fetch`, without node's. */
async function readWeb({ body = null }: AskedRequest): Promise<Buffer> {
  const chunks = await readChunks(body, MAX_BODY_BYTES);
  if (!chunks) throw tooLarge();
  return Buffer.concat(chunks);
}

function parseParams(body: Buffer): GraphQLParams {
  const params = parseJson(decode(body));
  if (typeof params === 'object' && params !== null) return params;
  throw badRequest('The body must be a JSON object with a query.');
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/** Decodes the bytes of a body, without a BOM. A lenient decoder would make one owner's id of two. */
function decode(body: Buffer): string {
  try {
    return UTF_8.decode(body);
  } catch {
    throw badRequest('The body is not valid UTF-8.');
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own error quotes the body.
    throw badRequest('POST body sent invalid JSON.');
  }
}

function tooLarge(): GraphQLError {
  return new GraphQLError('Request body too large', {
    extensions: { code: 'REQUEST_ENTITY_TOO_LARGE', http: { status: 413 } },
  });
}

function badRequest(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400, spec: true } } });
}
