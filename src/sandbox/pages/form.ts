import { assertBodySize, type H3Event, HTTPError } from 'h3';

import { createRefusal } from './refusal.js';

/** Longest form taken, in bytes. The longest user id needs 2,304 of them, percent-encoded. */
const MAX_FORM_BYTES = 4_096;

/**
 * Reads the form that a page sent.
 *
 * @throws {HTTPError} 413 if it is too long
 */
export async function readForm(event: H3Event): Promise<URLSearchParams> {
  try {
    assertBodySize(event, MAX_FORM_BYTES);
    return new URLSearchParams(await event.req.text());
  } catch (error) {
    if (!HTTPError.isError(error)) throw error;
    throw createRefusal(
      413,
      'Too long',
      `A form has ${MAX_FORM_BYTES} bytes at most. Use the forms of the pages above.`,
    );
  }
}
