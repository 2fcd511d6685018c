import type { IncomingMessage } from 'node:http';

import { Refusal } from './answers.js';

/** Longest body of a request, in bytes. */
const MAX_BODY_BYTES = 100_000;

/** What the body of an operation asks for. No part of it is checked yet. */
export interface OperationParameters {
  readonly query?: unknown;
  readonly operationName?: unknown;
  readonly variables?: unknown;
  readonly extensions?: unknown;
  readonly documentId?: unknown;
}

/**
 * Reads the body of an operation.
 *
 * @throws {Refusal} 413 if it is longer than {@link MAX_BODY_BYTES}, 400 if it is not a JSON object in UTF-8
 */
export async function readParameters(request: IncomingMessage): Promise<OperationParameters> {
  const parameters = parseJson(decode(await readBytes(request)));
  if (typeof parameters === 'object' && parameters !== null && !Array.isArray(parameters)) return parameters;
  throw badRequest('The body must be a JSON object with a query.');
}

function readBytes(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const collect = (chunk: Buffer) => {
      length += chunk.byteLength;
      if (length <= MAX_BODY_BYTES) chunks.push(chunk);
      else {
        // The rest is read and dropped, so that the connection stays usable for the response.
        request.off('data', collect).resume();
        reject(tooLarge());
      }
    };
    const giveUp = () => {
      if (!request.readableEnded) reject(badRequest('The request ended before its body did.'));
    };
    if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return reject(tooLarge());
    if (request.destroyed) return giveUp();
    request.on('data', collect);
    request.once('end', () => resolve(Buffer.concat(chunks, length)));
    request.once('close', giveUp);
    request.once('error', giveUp);
  });
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/** Decodes the bytes of a body, without a byte order mark. A lenient decoder would make one owner's id of two. */
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

function tooLarge(): Refusal {
  return new Refusal(413, 'REQUEST_ENTITY_TOO_LARGE', { message: 'Request body too large' });
}

function badRequest(message: string): Refusal {
  return new Refusal(400, 'BAD_REQUEST', { message });
}
