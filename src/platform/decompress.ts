import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { bodyTooLong, MAX_BODY_BYTES } from './transport.js';

const DECOMPRESS: Readonly<Record<string, (bytes: Uint8Array, options: object) => Promise<Uint8Array>>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/**
 * Decompresses a body that is compressed although the client did not request it. Returns a body in any other encoding
 * unchanged. Unless that is `identity`, it then fails to parse as JSON.
 * @throws {PlatformError} `PLATFORM_BAD_RESPONSE` if the decompressed body is longer than {@link MAX_BODY_BYTES}
 */
export async function decompress(encoding: string, body: Uint8Array): Promise<Uint8Array> {
  const name = encoding.trim().toLowerCase();
  const decompressor = Object.hasOwn(DECOMPRESS, name) ? DECOMPRESS[name] : undefined;
  if (!decompressor) return body;
  try {
    return await decompressor(body, { maxOutputLength: MAX_BODY_BYTES });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw bodyTooLong();
    throw error;
  }
}
