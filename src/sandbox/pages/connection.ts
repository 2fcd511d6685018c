import type { SandboxConnection, SandboxStore } from '../store.js';

interface Action {
  readonly label: string;
  /** Joins the label to the connector, as in `Revoke access to GitHub for alice`. */
  readonly preposition?: string;
  readonly perform: (store: SandboxStore, userId: string, connectorSlug: string) => void;
  /** Returns the message after the action. */
  readonly done: (userId: string, connector: string) => string;
  /** The result of the next read of the connection. */
  readonly next: string;
}

/** The name of an action, also in forms. */
export type ActionName = 'set-up' | 'finish' | 'reconnect' | 'expire' | 'revoke' | 'disconnect';

const connect: Action['perform'] = (store, userId, slug) => store.connect(userId, slug);

export const ACTIONS: Readonly<Record<ActionName, Action>> = {
  'set-up': {
    label: 'Set up',
    perform: connect,
    done: (userId, connector) => `${userId} is connected to ${connector}`,
    next: 'the response has a token',
  },
  finish: {
    label: 'Finish',
    perform: connect,
    done: (userId, connector) => `${userId} is now connected to ${connector}`,
    next: 'the response has a token',
  },
  reconnect: {
    label: 'Reconnect',
    perform: connect,
    done: (userId, connector) => `${userId} is connected to ${connector} again`,
    next: 'the response has a new token',
  },
  expire: {
    label: 'Expire token',
    preposition: 'of ',
    perform: (store, userId, slug) => store.expireTokens(userId, slug),
    done: (userId, connector) => `The token of ${userId} for ${connector} has expired`,
    next: 'the platform first refreshes the token',
  },
  revoke: {
    label: 'Revoke access',
    preposition: 'to ',
    perform: (store, userId, slug) => store.revoke(userId, slug),
    done: (userId, connector) => `The access of ${userId} to ${connector} is revoked`,
    next: 'the response has a repair link',
  },
  disconnect: {
    label: 'Disconnect',
    perform: (store, userId, slug) => store.disconnect(userId, slug),
    done: (userId, connector) => `${userId} is disconnected from ${connector}`,
    next: 'the response has a repair link to set it up',
  },
};

/** Finds an action by its name in a form. */
export function findAction(name: string | null): (Action & { readonly name: ActionName }) | null {
  return isActionName(name) ? { name, ...ACTIONS[name] } : null;
}

function isActionName(name: string | null): name is ActionName {
  return name !== null && Object.hasOwn(ACTIONS, name);
}

/** The state of a connection as a page shows it, and its actions. Holds no token. */
export interface ShownState {
  /** Decides the color. */
  readonly tone: 'good' | 'waiting' | 'broken' | 'off';
  /** A word or two, for a table. */
  readonly words: string;
  readonly sentence: string;
  readonly actions: readonly ActionName[];
}

/** Describes the state of a connection. */
export function toShownState(connection: SandboxConnection): ShownState {
  const { id, enabled, expired, authorization } = connection;
  const { status, access_token: token, error_message: problem } = authorization ?? {};
  if (id === null) return { ...OFF, words: 'Not set up', sentence: 'Never connected' };
  if (!enabled) return { ...OFF, words: 'Disconnected', sentence: 'Disconnected' };
  if (!authorization) return { ...BROKEN, sentence: 'Enabled, but without an authorization' };
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
      return { ...BROKEN, sentence: `In an unknown status: ${status}` };
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
