import { Pool } from 'undici';

import { HANGING, people } from './people.js';

/** One in this many operations requests five connections. */
const LIST_EVERY = 10;
/** The caller aborts one in this many operations. */
const HANG_UP_EVERY = 200;
/** One in this many operations requests {@link HANGING}. */
const HANG_EVERY = 5_000;

/** The error codes that the platform's faults cause. */
const EXPECTED_CODES = new Set(['PLATFORM_UNAVAILABLE', 'PLATFORM_TIMEOUT']);

const OUTCOME = 'state authorization { accessToken } repairLink { url }';
const ONE = `query One($id: ID!) { userConnection(userId: $id, connectorSlug: "slack") { ${OUTCOME} } }`;
const LIST = `query List($keys: [ConnectionKey!]!) { connections(keys: $keys) { ${OUTCOME} } }`;

/** The counts of a run so far. */
export interface Tally {
  requests: number;
  /** Connections with a correct response. */
  served: number;
  tokens: number;
  hungUp: number;
  /** Responses about {@link HANGING}, which must be PLATFORM_TIMEOUT. */
  hanging: number;
  /** Failed connections by error code. */
  readonly failed: Map<string, number>;
  /** Wrong responses, each described without its token. */
  readonly wrong: string[];
}

interface Item {
  readonly state: string;
  readonly authorization: { readonly accessToken: string | null } | null;
  readonly repairLink: { readonly url: string } | null;
}

interface Answer {
  readonly data?: { readonly userConnection?: Item | null; readonly connections?: readonly (Item | null)[] };
  readonly errors?: readonly { readonly path?: readonly (string | number)[]; readonly extensions: { code: string } }[];
}

/** Sends requests at a fixed concurrency, and checks each response. */
export async function sendLoad(
  origin: string,
  key: string,
  { requests, concurrency, onProgress }: { requests: number; concurrency: number; onProgress: (done: number) => void },
  tally: Tally,
): Promise<void> {
  const pool = new Pool(origin, { connections: concurrency * 2, bodyTimeout: 30_000, headersTimeout: 30_000 });
  const ids = [...people.keys()];
  const pick = () => ids[Math.floor(Math.random() * ids.length)] ?? '';
  let sent = 0;

  const ask = async (body: object, signal: AbortSignal | null): Promise<Answer | null> => {
    try {
      const response = await pool.request({
        path: '/graphql',
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal,
      });
      return (await response.body.json()) as Answer;
    } catch (error) {
      if (signal?.aborted) return null;
      throw error;
    }
  };

  const sendOne = async (index: number): Promise<void> => {
    const isList = index % LIST_EVERY === 0;
    const asked = index % HANG_EVERY === 1 ? [HANGING] : Array.from({ length: isList ? 5 : 1 }, pick);
    const body = isList
      ? {
          query: LIST,
          variables: { keys: asked.map((ownerId) => ({ ownerKind: 'USER', ownerId, connectorSlug: 'slack' })) },
        }
      : { query: ONE, variables: { id: asked[0] } };
    const signal = index % HANG_UP_EVERY === 7 ? AbortSignal.timeout(Math.floor(Math.random() * 20)) : null;
    const answer = await ask(body, signal);
    if (!answer) tally.hungUp += 1;
    else asked.forEach((id, position) => check(id, isList ? position : null, answer, tally));
  };

  const lane = async () => {
    while (sent < requests) {
      sent += 1;
      await sendOne(sent);
      tally.requests += 1;
      onProgress(tally.requests);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  await pool.close();
}

function check(id: string, position: number | null, { data, errors = [] }: Answer, tally: Tally): void {
  const item = position === null ? data?.userConnection : data?.connections?.[position];
  const isAbout = ({ path }: { path?: readonly (string | number)[] }) => position === null || path?.[1] === position;
  const codes = errors.filter(isAbout).map(({ extensions }) => extensions.code);
  const expected = people.get(id);
  const wrong = (what: string) => tally.wrong.push(`${id}: ${what}`);

  if (id === HANGING) {
    tally.hanging += 1;
    if (item || codes.join() !== 'PLATFORM_TIMEOUT') wrong(`${item?.state} ${codes.join()}`);
  } else if (!item) {
    const [code = 'none'] = codes;
    if (codes.length !== 1 || !EXPECTED_CODES.has(code)) wrong(`null with ${codes.join() || 'no error'}`);
    tally.failed.set(code, (tally.failed.get(code) ?? 0) + 1);
  } else {
    const token = item.authorization?.accessToken ?? null;
    if (codes.length > 0) wrong(`a connection with ${codes.join()}`);
    else if (item.state !== expected?.state) wrong(`${item.state} instead of ${expected?.state}`);
    else if (token !== expected.token) wrong("another user's token, or no token");
    else if ((token === null) !== (item.repairLink !== null)) wrong('both a token and a repair link, or neither');
    else tally.served += 1;
    if (token !== null) tally.tokens += 1;
  }
}
