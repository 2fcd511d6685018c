import { createRefusal } from './refusal.js';
import type { SandboxStore } from '../store.js';

/** How many people a page shows, and up to how many one may add by a page. */
export const MAX_PEOPLE = 200;

/** A user whom the pages show. */
export interface Person {
  readonly userId: string;
  /** Names the person's row on every catalog page. */
  readonly anchor: string;
}

/** Lists the users whom the pages show: the first 200. */
export function listPeople(store: SandboxStore): Person[] {
  return store
    .userIds()
    .slice(0, MAX_PEOPLE)
    .map((userId, index) => ({ userId, anchor: `person-${index + 1}` }));
}

/**
 * Checks the user id of a form: a gateway has to be able to ask for it.
 *
 * @throws {HTTPError} 422 if no request can name such a user, 409 if there are too many to add another one
 */
export function requireUserId(userId: string | null, store: SandboxStore): string {
  if (userId === null || userId.length > 256 || !/^(?!\.+$)[^\p{Cc}]+$/u.test(userId)) {
    const message = 'A user id has 1 to 256 characters, no control characters among them, and more than dots.';
    throw createRefusal(422, 'Nothing done', message);
  }
  const userIds = store.userIds();
  if (userIds.length >= MAX_PEOPLE && !userIds.includes(userId)) {
    const message = `The sandbox has ${userIds.length} people, which is enough for its pages. Start over to make room.`;
    throw createRefusal(409, 'Nothing done', message);
  }
  return userId;
}
