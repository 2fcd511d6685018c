import type { WireAuthorization, WireConnector } from '../platform/wire.js';

/** A connector of the sandbox, in the wire format. */
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
  readonly withoutToken?: boolean;
  /** The next read refreshes the token. */
  readonly expired?: boolean;
  /** The next read of an expired token sets the status `error`. */
  readonly refreshFails?: boolean;
}

/** The initial data of the sandbox. */
export interface SandboxSeed {
  readonly connectors: readonly SandboxConnector[];
  /** Each user's connections by connector slug. A user may have connected several accounts. */
  readonly users: Readonly<Record<string, Readonly<Record<string, readonly SeedConnection[]>>>>;
  /** Each group's users, in order. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

/** The result of a read: the parts of a 200. */
export interface SandboxConnection {
  /** Null if the owner never connected. */
  readonly id: string | null;
  readonly enabled: boolean;
  /** The next read refreshes the token. */
  readonly expired: boolean;
  readonly connector: SandboxConnector;
  readonly authorization: WireAuthorization | null;
}

/** The data of the sandbox. */
export interface SandboxStore {
  /** Reads a user's connection and refreshes an expired token, as the platform does. Returns null for a 404. */
  readUser(userId: string, connectorSlug: string): SandboxConnection | null;
  /** Reads the healthiest connection among a group's users, like {@link SandboxStore.readUser}. */
  readGroup(groupId: string, connectorSlug: string): SandboxConnection | null;
  /** Reads like {@link SandboxStore.readUser}, but does not refresh. */
  peekUser(userId: string, connectorSlug: string): SandboxConnection | null;
  /** Reads like {@link SandboxStore.readGroup}, but does not refresh. */
  peekGroup(groupId: string, connectorSlug: string): SandboxConnection | null;
  findConnector(slug: string): SandboxConnector | undefined;
  /** Lists the connectors in the order of the seed. */
  connectors(): SandboxConnector[];
  /** Lists the users in the order of their provisioning. */
  userIds(): string[];
  groups(): { readonly groupId: string; readonly userIds: readonly string[] }[];
  /** Provisions a user, and adds the user to a group if one is given. Returns false if the user already exists. */
  provisionUser(userId: string, groupId?: string): boolean;
  /** Replaces a user's connections to a connector. Provisions the user. */
  setConnections(userId: string, connectorSlug: string, connections: readonly SeedConnection[]): void;
  /** Connects a user, as if the person had granted access at the third party. Provisions the user. */
  connect(userId: string, connectorSlug: string): void;
  /** Disconnects a user from a connector. The platform still sends the old token. */
  disconnect(userId: string, connectorSlug: string): void;
  expireTokens(userId: string, connectorSlug: string): void;
  /** Revokes a user's access to a connector, as if the third party had rejected the token. */
  revoke(userId: string, connectorSlug: string): void;
  /** Restores the seed. */
  reset(): void;
}

interface Entry {
  readonly id: string;
  readonly authorizationId: number;
  tokenNumber: number;
  connection: SeedConnection;
}

/** Creates a store with its own copy of a seed. The same seed and the same calls give the same ids and tokens. */
export function createSandboxStore(seed: SandboxSeed): SandboxStore {
  const connectors = new Map(seed.connectors.map((connector) => [connector.slug, connector]));
  const users = new Map<string, Map<string, Entry[]>>();
  const groups = new Map<string, Set<string>>();
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
    // As at a real third party, no token is issued twice.
    const lastToken = Math.max(0, ...entriesOf(userId, connectorSlug).map(({ tokenNumber }) => tokenNumber));
    const entries = connections.map((connection, index) => ({
      id: `sandbox-${userId}-${connectorSlug}-${index + 1}`,
      authorizationId: ++authorizations,
      tokenNumber: lastToken + 1,
      connection,
    }));
    users.get(userId)?.set(connectorSlug, entries);
  };

  const change = (userId: string, connectorSlug: string, changes: Partial<SeedConnection>) => {
    for (const entry of entriesOf(userId, connectorSlug)) entry.connection = { ...entry.connection, ...changes };
  };

  const findBest = (entries: readonly Entry[], connectorSlug: string): SandboxConnection | null => {
    const connector = connectors.get(connectorSlug);
    if (!connector) return null;
    const [best] = entries.toSorted((a, b) => health(b.connection) - health(a.connection));
    if (!best) return { id: null, enabled: false, expired: false, connector, authorization: null };
    const { enabled, expired = false } = best.connection;
    return { id: best.id, enabled, expired, connector, authorization: toWireAuthorization(best) };
  };

  const entriesOfUser = (userId: string, slug: string) => (users.has(userId) ? entriesOf(userId, slug) : null);
  const entriesOfGroup = (groupId: string, slug: string) => {
    const members = groups.get(groupId);
    return members ? [...members].flatMap((userId) => entriesOf(userId, slug)) : null;
  };
  type FindEntries = (ownerId: string, slug: string) => readonly Entry[] | null;
  const peekWith = (find: FindEntries) => (ownerId: string, slug: string) => {
    const entries = find(ownerId, slug);
    return entries && findBest(entries, slug);
  };
  const readWith = (find: FindEntries) => (ownerId: string, slug: string) => {
    find(ownerId, slug)?.forEach(refresh);
    return peekWith(find)(ownerId, slug);
  };

  const reset = () => {
    users.clear();
    groups.clear();
    authorizations = 0;
    for (const [userId, connections] of Object.entries(seed.users)) {
      provisionUser(userId);
      for (const [slug, list] of Object.entries(connections)) setConnections(userId, slug, list);
    }
    for (const [groupId, members] of Object.entries(seed.groups)) groups.set(groupId, new Set(members));
  };
  reset();

  return {
    readUser: readWith(entriesOfUser),
    readGroup: readWith(entriesOfGroup),
    peekUser: peekWith(entriesOfUser),
    peekGroup: peekWith(entriesOfGroup),
    findConnector: (slug) => connectors.get(slug),
    connectors: () => [...connectors.values()],
    userIds: () => [...users.keys()],
    groups: () => [...groups].map(([groupId, members]) => ({ groupId, userIds: [...members] })),
    provisionUser,
    setConnections,
    connect: (userId, slug) => {
      const displayLabel = entriesOf(userId, slug)[0]?.connection.displayLabel ?? 'Connected here';
      setConnections(userId, slug, [{ enabled: true, status: 'active', displayLabel }]);
    },
    disconnect: (userId, slug) => change(userId, slug, { enabled: false }),
    expireTokens: (userId, slug) => change(userId, slug, { expired: true }),
    revoke: (userId, slug) => change(userId, slug, toFailed('Token has been revoked')),
    reset,
  };
}

/** Refreshes an expired token as the platform does on a read. A failed refresh sets the status `error`. */
function refresh(entry: Entry): void {
  const { enabled, status, expired, refreshFails } = entry.connection;
  if (!expired || !enabled || status !== 'active') return;
  if (!refreshFails) entry.tokenNumber += 1;
  const changes = refreshFails ? toFailed('The refresh token is no longer valid') : { expired: false };
  entry.connection = { ...entry.connection, ...changes };
}

function toFailed(errorMessage: string): Partial<SeedConnection> {
  return { expired: false, status: 'error', errorCode: 'invalid_grant', errorMessage };
}

/** Ranks a connection as the platform does: enabled and active first. */
function health({ enabled, status, withoutToken }: SeedConnection): number {
  if (!enabled) return 0;
  if (status === undefined || status === 'error') return 1;
  if (status !== 'active') return 2;
  return withoutToken ? 3 : 4;
}

function toWireAuthorization({ id, authorizationId, tokenNumber, connection }: Entry): WireAuthorization | null {
  const { status, withoutToken, displayLabel, errorCode, errorMessage } = connection;
  if (status === undefined) return null;
  return {
    id: authorizationId,
    status,
    display_label: displayLabel ?? null,
    access_token: status === 'active' && !withoutToken ? toHeaderText(`${id}-token-${tokenNumber}`) : null,
    error_code: errorCode ?? null,
    error_message: errorMessage ?? null,
  };
}

/** Replaces the characters that a header cannot carry by their code units, because a token with one is not usable. */
function toHeaderText(text: string): string {
  return text.replaceAll(/[^ -~\u00a0-\u00ff]/g, (unit) => `u${unit.charCodeAt(0).toString(16)}`);
}
