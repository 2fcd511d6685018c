import { HTTPError } from 'h3';

/**
 * Creates what a page is answered with instead.
 *
 * @param title a word or two in ASCII, for the heading
 * @param message what is wrong, and what to do
 */
export function createRefusal(status: number, title: string, message: string): HTTPError {
  return new HTTPError({ status, statusText: title, message });
}
