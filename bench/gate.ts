import { readTokens, takes, toBody } from './ask.js';
import { KEY, type Platform, type Target } from './processes.js';
import { type Workload, WORKLOADS } from './workloads.js';

/** The platform requests of a target for one operation of each workload that it supports. */
export interface Gate {
  readonly target: string;
  readonly lookups: Readonly<Record<string, number>>;
}

/**
 * Checks the responses of every target before any measurement: the correct token at each position. Counts the platform
 * requests. This project must send exactly one per distinct connection.
 *
 * @throws {Error} with the target, the workload, and what is wrong
 */
export async function checkAnswers(platform: Platform, targets: readonly Target[]): Promise<Gate[]> {
  const gates: Gate[] = [];
  for (const target of targets) {
    const lookups: Record<string, number> = {};
    for (const workload of WORKLOADS.filter(({ name }) => takes(target.name, name))) {
      lookups[workload.name] = await check(platform, target, workload);
    }
    gates.push({ target: target.name, lookups });
  }
  return gates;
}

async function check(platform: Platform, target: Target, workload: Workload): Promise<number> {
  const users = Array.from({ length: workload.distinct }, (_, index) => `user-${index * 7}`);
  const before = await platform.order({});
  const response = await fetch(target.url, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(toBody(target.name, workload, users)),
  });
  const { data, errors } = (await response.json()) as { data?: object | null; errors?: unknown };
  const lookups = (await platform.order({})) - before;
  const wrong = (what: string) => new Error(`${target.name}, ${workload.name}: ${what}`);
  if (errors !== undefined || !data)
    throw wrong(`responded with HTTP ${response.status} ${JSON.stringify(errors)?.slice(0, 300)}`);
  const expected = workload.toExpected(users).map((user) => `token-${user}`);
  if (JSON.stringify(readTokens(target.name, workload, data)) !== JSON.stringify(expected)) {
    throw wrong('a token is missing, or in the wrong position.');
  }
  const isOurs = target.name.startsWith('xkit-graphql');
  if (isOurs && lookups !== workload.distinct)
    throw wrong(`sent ${lookups} requests to the platform instead of ${workload.distinct}.`);
  return lookups;
}
