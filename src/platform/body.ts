import { PlatformError } from './errors.js';

/** Longest body read, in bytes after decompression. A real answer has about a thousandth of it. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** Longest body read only to get at the end of it, in bytes. */
export const MAX_DISCARDED_BYTES = 16 * 1024;

/**
 * Reads a body chunk by chunk, without holding more of it than is asked for. Neither ofetch's nor the response's own
 * readers will do: they read without a bound.
 *
 * @returns null if it is longer: then the rest is left, and the stream cancelled
 */
export async function readChunks(body: Response['body'], maxBytes: number): Promise<Uint8Array[] | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop early cancels the stream, which closes the socket.
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > maxBytes) return null;
    chunks.push(chunk);
  }
  return chunks;
}

/** Puts the chunks of a body together. */
export function joinChunks(chunks: readonly Uint8Array[]): Uint8Array {
  const [only] = chunks;
  return chunks.length === 1 && only ? only : Buffer.concat(chunks);
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Parses a body as strict JSON in UTF-8. ofetch would hand invalid JSON on as a string.
 *
 * @throws {PlatformError} `PLATFORM_BAD_RESPONSE` if it is none. The parser's error is dropped: it quotes the text
 */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(UTF_8.decode(body));
  } catch {
    throw badBody('is not JSON');
  }
}

/** Says that a body is longer than {@link MAX_BODY_BYTES}. */
export function tooLong(): PlatformError {
  return badBody('is over 1 MiB');
}

function badBody(problem: string): PlatformError {
  return new PlatformError('PLATFORM_BAD_RESPONSE', `The body of the Platform API's answer ${problem}.`, {
    status: 200,
  });
}
