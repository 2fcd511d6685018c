import type { Redis } from 'ioredis';
import { connectOnce, KEY_PREFIX } from '../../server/auth/rate-limit.js';
import { type Check, failed, type Finding, ok } from './check.js';
import { describeConnectionProblem } from './connection-problem.js';

/** No caller's id has a slash, so this is not a caller's counter. */
const KEY = `${KEY_PREFIX}:/doctor`;
/** Needs the permissions of the rate limit and a Redis that accepts writes, but sets only a key that exists. */
const SCRIPT = "redis.call('set', KEYS[1], 0, 'EX', 1, 'XX') return redis.call('pttl', KEYS[1])";

/** Checks whether operations can be counted in Redis. */
export function createRedisCheck(url: string): Check {
  return {
    id: 'redis',
    title: 'Redis',
    variables: ['XKIT_REDIS_URL'],
    after: ['packages'],
    run: async () => {
      const redis = await connectOnce(url);
      let problem: unknown = null;
      redis.on('error', (error) => (problem ??= error));
      try {
        await redis.connect();
        await redis.ping();
        await redis.eval(SCRIPT, 1, KEY);
        return ok('Redis can count operations.');
      } catch (error) {
        return explain(problem ?? error, redis);
      } finally {
        // An ended connection would wait for its end once more.
        if (redis.status !== 'end') redis.disconnect();
      }
    },
  };
}

function explain(error: unknown, { options: { host, port } }: Redis): Finding {
  const peer = { host: `${host ?? ''}:${port ?? ''}`, namedBy: 'XKIT_REDIS_URL' };
  if (error instanceof Error && error.name === 'ParserError') {
    return failed(`The server at ${peer.host} is not Redis.`, 'Check the host and the port in XKIT_REDIS_URL.');
  }
  if (!(error instanceof Error) || error.name !== 'ReplyError') return describeConnectionProblem(error, peer);
  // The first word of an error is its code. The rest may quote a command.
  const [code = ''] = error.message.split(' ');
  switch (code) {
    case 'WRONGPASS':
    case 'NOAUTH':
    case 'ERR':
      return failed(
        `Redis rejects the user name or the password (${code}).`,
        'Put both into XKIT_REDIS_URL, percent-encoded: redis://name:password@host:6379.',
      );
    case 'NOPERM':
      return failed(
        'The Redis user lacks permissions to count operations.',
        `Grant the permissions: ACL SETUSER … ~${KEY_PREFIX}:* +eval +evalsha +set +incrby +pttl +expire +ping +info`,
      );
    case 'READONLY':
      return failed('This Redis is a replica, which does not accept writes.', 'Set XKIT_REDIS_URL to the primary.');
    default:
      return failed(
        `Redis rejects the command that counts operations: ${/^[A-Z]+$/.test(code) ? code : 'unknown error'}.`,
        'Check the log of Redis.',
      );
  }
}
