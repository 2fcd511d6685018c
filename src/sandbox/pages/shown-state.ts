import type { ActionName } from './actions.js';
import type { SandboxConnection } from '../store.js';

/** What a page shows of a connection, and what a person can do about it. Holds no token. */
export interface ShownState {
  /** Decides about the colour. */
  readonly tone: 'good' | 'waiting' | 'broken' | 'off';
  /** A word or two, for a table. */
  readonly words: string;
  /** The whole of it. */
  readonly sentence: string;
  readonly actions: readonly ActionName[];
}

/** Puts into words how a connection stands. */
export function toShownState(connection: SandboxConnection): ShownState {
  const { id, enabled, expired, authorization } = connection;
  const { status, access_token: token, error_message: problem } = authorization ?? {};
  if (id === null) return { ...OFF, words: 'Not set up', sentence: 'Never connected' };
  if (!enabled) return { ...OFF, words: 'Disconnected', sentence: 'Disconnected' };
  if (!authorization) return { ...BROKEN, sentence: 'Enabled, but nobody gave access' };
  switch (status) {
    case 'awaiting_callback':
      return { ...WAITING, sentence: 'Started, but the person has not come back from the app' };
    case 'retrieving_tokens':
      return { ...WAITING, sentence: 'The platform is fetching the tokens' };
    case 'error':
      return { ...BROKEN, sentence: problem ? `Access is lost: ${problem}` : 'Access is lost' };
    case 'active':
      if (!token) return { ...BROKEN, sentence: 'Connected, but the platform has no token' };
      return expired ? EXPIRED : CONNECTED;
    default:
      return { ...BROKEN, sentence: `In a status that nobody knows: ${status}` };
  }
}

const OFF = { tone: 'off', actions: ['set-up'] } as const;
const WAITING = { tone: 'waiting', words: 'Pending', actions: ['finish'] } as const;
const BROKEN = { tone: 'broken', words: 'Needs repair', actions: ['reconnect'] } as const;
const CONNECTED = {
  tone: 'good',
  words: 'Connected',
  sentence: 'Connected',
  actions: ['expire', 'revoke', 'disconnect'],
} as const;
const EXPIRED = {
  tone: 'waiting',
  words: 'Expired',
  sentence: 'Connected, with a token that has expired: the next read refreshes it',
  actions: ['revoke', 'disconnect'],
} as const;
