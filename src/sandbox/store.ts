import type { WireAuthorization, WireConnector } from '../platform/wire.js';

/** A connector of the sandbox, as it stands on the wire. */
export type SandboxConnector = WireConnector & {
  readonly slug: string;
  readonly supports_multiple_connections?: boolean;
};

/** Describes a connection of the sandbox. Without `status` it has no authorization. */
export interface SeedConnection {
  readonly enabled: boolean;
  readonly status?: string;
  readonly displayLabel?: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  /** The authorization came without a token. */
  readonly withoutToken?: boolean;
  /** The token has expired: the next read refreshes it. */
  readonly expired?: boolean;
  /** A refresh fails: the next read of an expired token ends in the status `error`. */
  readonly refreshFails?: boolean;
}

/** What the sandbox holds at the start. */
export interface SandboxSeed {
  readonly connectors: readonly SandboxConnector[];
  /** Each user's connections by connector slug; several where the user connected several accounts. */
  readonly users: Readonly<Record<string, Readonly<Record<string, readonly SeedConnection[]>>>>;
  /** Each group's users, in order. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

/** What a read of the sandbox finds: the parts of a 200. */
export interface SandboxConnection {
  readonly id: string | null;
  readonly enabled: boolean;
  readonly connector: SandboxConnector;
  readonly authorization: WireAuthorization | null;
}

/** The sandbox's memory: what a real platform keeps in its database. */
export interface SandboxStore {
  /** Reads a user's connection as the platform does, refreshing an expired token on the way; null where it answers 404. */
  readUser(userId: string, connectorSlug: string): SandboxConnection | null;
  /** Reads the healthiest connection among a group's users; null where the platform answers 404. */
  readGroup(groupId: string, connectorSlug: string): SandboxConnection | null;
  /** Finds a connector by its slug. */
  findConnector(slug: string): SandboxConnector | undefined;
  /** Lists the users, in the order of their provisioning. */
  userIds(): string[];
  /** Provisions a user; returns false if the user was there already. */
  provisionUser(userId: string, groupId?: string): boolean;
  /** Replaces what a user has of a connector. Provisions the user. */
  setConnections(userId: string, connectorSlug: string, connections: readonly SeedConnection[]): void;
  /** Lets the tokens that a user has of a connector expire. */
  expireTokens(userId: string, connectorSlug: string): void;
}

interface Entry extends Omit<SeedConnection, 'expired'> {
  readonly id: string;
  readonly authorizationId: number;
  tokenNumber: number;
  expired: boolean;
  failed: boolean;
}

/** Creates a store with its own copy of a seed. The same seed and the same calls give the same ids and tokens. */
export function createSandboxStore(seed: SandboxSeed): SandboxStore {
  const connectors = new Map(seed.connectors.map((connector) => [connector.slug, connector]));
  const users = new Map<string, Map<string, Entry[]>>();
  const groups = new Map(Object.entries(seed.groups).map(([groupId, members]) => [groupId, new Set(members)]));
  let authorizations = 0;

  const provisionUser = (userId: string, groupId?: string): boolean => {
    if (groupId !== undefined) groups.set(groupId, (groups.get(groupId) ?? new Set()).add(userId));
    if (users.has(userId)) return false;
    users.set(userId, new Map());
    return true;
  };

  const entriesOf = (userId: string, connectorSlug: string) => users.get(userId)?.get(connectorSlug) ?? [];

  const setConnections: SandboxStore['setConnections'] = (userId, connectorSlug, connections) => {
    provisionUser(userId);
    // Tokens are never given twice, as with a real third party.
    const lastToken = Math.max(0, ...entriesOf(userId, connectorSlug).map(({ tokenNumber }) => tokenNumber));
    const entries = connections.map((connection, index) => ({
      expired: false,
      ...connection,
      id: `sandbox-${userId}-${connectorSlug}-${index + 1}`,
      authorizationId: ++authorizations,
      tokenNumber: lastToken + 1,
      failed: false,
    }));
    users.get(userId)?.set(connectorSlug, entries);
  };

  const readBest = (userIds: Iterable<string>, connectorSlug: string): SandboxConnection | null => {
    const connector = connectors.get(connectorSlug);
    if (!connector) return null;
    const entries = [...userIds].flatMap((userId) => entriesOf(userId, connectorSlug));
    entries.forEach(refresh);
    const [best] = entries.toSorted((a, b) => health(b) - health(a));
    if (!best) return { id: null, enabled: false, connector, authorization: null };
    return { id: best.id, enabled: best.enabled, connector, authorization: toWireAuthorization(best) };
  };

  for (const [userId, connections] of Object.entries(seed.users)) {
    provisionUser(userId);
    for (const [slug, list] of Object.entries(connections)) setConnections(userId, slug, list);
  }

  return {
    readUser: (userId, connectorSlug) => (users.has(userId) ? readBest([userId], connectorSlug) : null),
    readGroup: (groupId, connectorSlug) => {
      const members = groups.get(groupId);
      return members ? readBest(members, connectorSlug) : null;
    },
    findConnector: (slug) => connectors.get(slug),
    userIds: () => [...users.keys()],
    provisionUser,
    setConnections,
    expireTokens: (userId, connectorSlug) => {
      for (const entry of entriesOf(userId, connectorSlug)) entry.expired = true;
    },
  };
}

/** Refreshes an expired token, as the platform does inside a read: a new token, or an authorization in error. */
function refresh(entry: Entry): void {
  if (!entry.expired || !entry.enabled || entry.status !== 'active') return;
  entry.expired = false;
  if (entry.refreshFails) entry.failed = true;
  else entry.tokenNumber += 1;
}

/** Ranks a connection as the platform does: enabled and active first. */
function health(entry: Entry): number {
  if (!entry.enabled) return 0;
  if (entry.status === undefined || entry.status === 'error' || entry.failed) return 1;
  if (entry.status !== 'active') return 2;
  return entry.withoutToken ? 3 : 4;
}

function toWireAuthorization(entry: Entry): WireAuthorization | null {
  if (entry.status === undefined) return null;
  const hasToken = entry.status === 'active' && !entry.failed && !entry.withoutToken;
  return {
    id: entry.authorizationId,
    status: entry.failed ? 'error' : entry.status,
    display_label: entry.displayLabel ?? null,
    access_token: hasToken ? `${entry.id}-token-${entry.tokenNumber}` : null,
    error_code: entry.failed ? 'invalid_grant' : (entry.errorCode ?? null),
    error_message: entry.failed ? 'The refresh token is no longer valid' : (entry.errorMessage ?? null),
  };
}
