import { PlatformError } from './errors.js';

/** Longest body read, in bytes after decompression. A real answer has about a thousandth of it. */
export const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Reads a response's body as strict JSON: UTF-8, at most {@link MAX_BODY_BYTES} bytes.
 *
 * Neither ofetch's nor the platform's own JSON reader will do: the one hands invalid JSON on as a string, the
 * other reads without a bound.
 *
 * @throws {PlatformError} `PLATFORM_BAD_RESPONSE` if it is too long or not JSON. The parser's error is dropped: it quotes the text
 */
export async function readJsonBody(response: Response): Promise<unknown> {
  const bytes = await readBytes(response);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new PlatformError('PLATFORM_BAD_RESPONSE', 'The Platform API answered with a body that is not JSON.', {
      status: response.status,
    });
  }
}

/** Drops a body that nobody reads, so that its socket is free again. */
export async function discardBody(response: Response): Promise<void> {
  // A body that cannot be cancelled is broken already: its socket is gone.
  await response.body?.cancel().catch(() => undefined);
}

async function readBytes(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop early cancels the stream, which closes the socket.
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    if (length > MAX_BODY_BYTES) {
      throw new PlatformError('PLATFORM_BAD_RESPONSE', 'The Platform API answered with a body over 1 MiB.', {
        status: response.status,
      });
    }
    chunks.push(chunk);
  }
  const only = chunks[0];
  return chunks.length === 1 && only ? only : Buffer.concat(chunks, length);
}
