import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';

import { MAX_BODY_BYTES, tooLong } from './body.js';

const DECODERS: Readonly<Record<string, (bytes: Uint8Array, options: object) => Promise<Uint8Array>>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/**
 * Decodes a body that was sent compressed, although nobody asked for that. What is in an unknown encoding stays as it
 * is: it is no JSON then.
 *
 * @throws {PlatformError} `PLATFORM_BAD_RESPONSE` if it is longer than {@link MAX_BODY_BYTES} once it is decoded
 */
export async function decode(encoding: string, chunks: readonly Uint8Array[]): Promise<Uint8Array> {
  const bytes = Buffer.concat(chunks);
  const name = encoding.trim().toLowerCase();
  const decoder = Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined;
  if (!decoder) return bytes;
  try {
    return await decoder(bytes, { maxOutputLength: MAX_BODY_BYTES });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLong();
    throw error;
  }
}
