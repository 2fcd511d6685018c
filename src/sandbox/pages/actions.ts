import type { SandboxStore } from '../store.js';

/** What a button of the catalog does. */
interface Action {
  /** What is written on the button. */
  readonly label: string;
  /** Joins the label to whose connection it is about, as in `Revoke access to GitHub for alice`. */
  readonly preposition?: string;
  readonly perform: (store: SandboxStore, userId: string, connectorSlug: string) => void;
  /** Says what was done. */
  readonly done: (userId: string, connector: string) => string;
  /** Says what the next question about the connection gets. */
  readonly next: string;
}

const connect: Action['perform'] = (store, userId, slug) => store.connect(userId, slug);

/** Names an action, in forms too. */
export type ActionName = 'set-up' | 'finish' | 'reconnect' | 'expire' | 'revoke' | 'disconnect';

/** What can be done about a connection. */
export const ACTIONS: Readonly<Record<ActionName, Action>> = {
  'set-up': {
    label: 'Set up',
    perform: connect,
    done: (userId, connector) => `${userId} is connected to ${connector}`,
    next: 'there is a token',
  },
  finish: {
    label: 'Finish',
    perform: connect,
    done: (userId, connector) => `${userId} is now connected to ${connector}`,
    next: 'there is a token',
  },
  reconnect: {
    label: 'Reconnect',
    perform: connect,
    done: (userId, connector) => `${userId} is connected to ${connector} again`,
    next: 'its token is new',
  },
  expire: {
    label: 'Expire token',
    preposition: 'of ',
    perform: (store, userId, slug) => store.expireTokens(userId, slug),
    done: (userId, connector) => `The token of ${userId} for ${connector} has expired`,
    next: 'the platform refreshes it first',
  },
  revoke: {
    label: 'Revoke access',
    preposition: 'to ',
    perform: (store, userId, slug) => store.revoke(userId, slug),
    done: (userId, connector) => `The access of ${userId} to ${connector} is revoked`,
    next: 'there is a link to repair it',
  },
  disconnect: {
    label: 'Disconnect',
    perform: (store, userId, slug) => store.disconnect(userId, slug),
    done: (userId, connector) => `${userId} is disconnected from ${connector}`,
    next: 'there is a link to set it up',
  },
};

/** Finds an action by the name that a form sent. */
export function findAction(name: string | null): (Action & { readonly name: ActionName }) | null {
  return isActionName(name) ? { name, ...ACTIONS[name] } : null;
}

function isActionName(name: string | null): name is ActionName {
  return name !== null && Object.hasOwn(ACTIONS, name);
}
