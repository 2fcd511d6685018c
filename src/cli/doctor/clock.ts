import { DEFAULT_API_URL } from '../../platform/client.js';
import { CLOCK_TOLERANCE_S } from '../../server/auth/json-web-token.js';
import { PolicyFileError } from '../../server/auth/policy-file.js';
import { type Check, failed, ok, skipped, warning } from './check.js';
import type { PolicyReading } from './policy.js';
import type { UsableConfiguration } from './usable-configuration.js';

/** From how many seconds on a wrong clock is no more a warning: tokens that live for minutes are refused. */
const MAX_SKEW_S = 60;

/** How long a server may take to tell the time, in milliseconds: less than the check may, so that one that hangs hides no other. */
const TIMEOUT_MS = 4_000;

interface Clock {
  readonly name: string;
  readonly url: string;
}

/** Compares this machine's clock with those of the platform and the issuers, as their answers tell it. */
export function createClockCheck({ configuration, broken }: UsableConfiguration, policy: PolicyReading): Check {
  const clocks: Clock[] = [
    ...(broken.has('XKIT_API_URL')
      ? []
      : [{ name: 'the platform', url: configuration.platform.apiUrl ?? DEFAULT_API_URL }]),
    ...(policy instanceof PolicyFileError ? [] : policy.issuers.map(({ id, jwks }) => ({ name: id, url: jwks }))),
  ];
  return {
    id: 'clock',
    title: 'Clock',
    run: async () => {
      const skews = (await Promise.all(clocks.map(readSkew))).filter((skew) => skew !== null);
      if (skews.length === 0) return skipped('Nobody answered who could tell the time.');
      const wrong = skews.filter(({ seconds }) => Math.abs(seconds) > CLOCK_TOLERANCE_S);
      if (wrong.length === 0) return ok(`It agrees with that of ${skews.map(({ name }) => name).join(', ')}.`);
      const found = wrong.map(({ name, seconds }) => {
        const side = seconds > 0 ? 'behind' : 'ahead of';
        return `This machine's clock is ${Math.abs(seconds)} s ${side} that of ${name}.`;
      });
      const advice =
        `Let NTP set this machine's clock: timedatectl shows whether it does. JSON Web Tokens and keys expire by it, and ${CLOCK_TOLERANCE_S} s are forgiven.` +
        (wrong.length < skews.length ? ' Others agree with it: perhaps the clock named here is wrong.' : '');
      return wrong.some(({ seconds }) => Math.abs(seconds) > MAX_SKEW_S)
        ? failed(found, advice)
        : warning(found, advice);
    },
  };
}

/** Reads how many seconds a server's clock is ahead of ours; null if it does not tell. No credentials are sent. */
async function readSkew({ name, url }: Clock): Promise<{ name: string; seconds: number } | null> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const askedAt = Date.now();
  try {
    const { headers } = await fetch(url, { method: 'HEAD', redirect: 'manual', signal });
    const answeredAt = Date.now();
    // A cache says how old its answer is, in seconds.
    const theirs = Date.parse(headers.get('date') ?? '') + Number(headers.get('age') ?? 0) * 1_000;
    if (Number.isNaN(theirs)) return null;
    // Their clock stood somewhere in that second, at some time between question and answer.
    const earliest = theirs - answeredAt;
    const latest = theirs + 1_000 - askedAt;
    const skewMs = earliest > 0 ? earliest : Math.min(latest, 0);
    return { name, seconds: Math.round(skewMs / 1_000) };
  } catch {
    return null;
  }
}
