import { parseDocument } from 'yaml';
import * as z from 'zod';
import { hasControlCharacter } from '../../domain/text.js';
import { findUrlProblem } from '../../domain/base-url.js';
import { SERVICE_KEY_HASH, SERVICE_KEY_PREFIX } from './service-key.js';
import { describeFileProblem, MAKE_A_POLICY_FILE, readTextFile } from '../config/file-problem.js';

/** Lists every problem of a policy file, with its path in the file. */
export class PolicyFileError extends Error {
  override readonly name = 'PolicyFileError';

  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(['Invalid policy file:', ...problems.map((problem) => `  ${problem}`)].join('\n'));
    this.problems = problems;
  }
}

/** Signature algorithms that a token may use. None uses a shared secret. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  // RFC 9864. Older issuers name it EdDSA.
  'Ed25519',
  'EdDSA',
] as const;

const name = z.string('must be a string').check((context) => {
  const problem = findNameProblem(context.value);
  if (problem !== null) context.issues.push({ code: 'custom', message: problem, input: undefined });
});

const id = z.string('must be a string').regex(/^[\w.@-]{1,64}$/, 'must be 1 to 64 letters, digits, or any of . _ - @');

const scopes = z
  .array(z.enum(['connections:read', 'tokens:read'], 'must be connections:read or tokens:read'), 'must be a list')
  .min(1, 'must have at least one scope')
  .refine((list) => list.includes('connections:read'), 'must have connections:read: every lookup needs it');

const list = z.array(name);
const limit = z.union([z.literal('any'), list], 'must be any, or a list of strings');
const tokenLimit = z.union(
  [z.literal('any'), list, z.strictObject({ claim: name })],
  'must be any, a list of strings, or { claim: … } with the name of a claim',
);

const kind = z.enum(['service', 'browser'], 'must be service or browser').default('service');
const operationsPerMinute = z
  .int('must be a whole number')
  .min(1, 'must be at least 1')
  .max(1_000_000, 'must be at most 1000000')
  .nullable()
  .default(null);

const key = z.strictObject({
  hash: z.string('must be a string').check((context) => {
    const problem = findHashProblem(context.value);
    if (problem !== null) context.issues.push({ code: 'custom', message: problem, input: undefined });
  }),
  expires: z
    .union(
      [z.iso.date(), z.iso.datetime({ offset: true })],
      'must be a date such as 2027-01-31, or a time such as 2027-01-31T12:00:00Z',
    )
    .transform((text) => Date.parse(text))
    .nullable()
    .default(null),
});

const caller = z.strictObject({
  id,
  kind,
  scopes,
  users: limit,
  groups: limit,
  connectors: limit,
  operationsPerMinute,
  keys: z.array(key, 'must be a list').min(1, 'must have at least one key: create one with xkit-graphql keys create'),
});

const issuer = z.strictObject({
  id,
  issuer: name,
  jwks: z.string('must be a string').check((context) => {
    const problem = findUrlProblem(context.value);
    if (problem !== null) context.issues.push({ code: 'custom', message: problem, input: undefined });
  }),
  audience: name,
  algorithms: z
    .array(z.enum(ALGORITHMS, `must be one of ${ALGORITHMS.join(', ')}`), 'must be a list')
    .min(1, 'must have at least one algorithm')
    .default(['RS256', 'PS256', 'ES256', 'Ed25519', 'EdDSA']),
  kind,
  scopes,
  users: tokenLimit,
  groups: tokenLimit,
  connectors: limit,
  operationsPerMinute,
});

const policy = z
  .strictObject(
    {
      callers: z.array(caller, 'must be a list').default([]),
      issuers: z.array(issuer, 'must be a list').default([]),
    },
    'must be a map with callers, issuers or both',
  )
  .check((context) => {
    const { callers, issuers } = context.value;
    const report = (path: (string | number)[], message: string) =>
      context.issues.push({ code: 'custom', path, message, input: undefined });
    if (callers.length + issuers.length === 0)
      report([], 'must have callers or issuers: without both, every request is refused');
    const all = [
      ...callers.map(({ id: text }, at) => ['callers', at, text] as const),
      ...issuers.map(({ id: text }, at) => ['issuers', at, text] as const),
    ];
    for (const [where, at, text] of repeated(all, ([, , value]) => value))
      report([where, at, 'id'], `repeats the id ${text}`);
    for (const [where, at] of repeated(
      issuers.map(({ issuer: url }, index) => ['issuers', index, url] as const),
      ([, , value]) => value,
    )) {
      report([where, at, 'issuer'], 'is already used by another issuer');
    }
    const hashes = callers.flatMap(({ keys }, at) => keys.map(({ hash }, index) => ({ at, index, hash })));
    for (const { at, index } of repeated(hashes, ({ hash }) => hash)) {
      report(['callers', at, 'keys', index, 'hash'], 'is already used by another key');
    }
  });

/** A parsed policy file: callers, issuers, and what they may read. */
export type PolicyFile = z.output<typeof policy>;
/** An issuer of JSON Web Tokens, and the permissions of its tokens. */
export type IssuerPolicy = PolicyFile['issuers'][number];
/** A limit that can come from a claim of the token. */
export type TokenLimit = IssuerPolicy['users'];

/**
 * Reads a policy file.
 *
 * @throws {PolicyFileError} with every problem, by its path
 */
export function readPolicyFile(path: string): PolicyFile {
  let text: string;
  try {
    text = readTextFile(path);
  } catch (error) {
    const problem = `${path} cannot be read: ${describeFileProblem(error)}`;
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new PolicyFileError([isMissing ? `${problem}. ${MAKE_A_POLICY_FILE}` : problem]);
  }
  return parsePolicyFile(text);
}

/**
 * Parses the text of a policy file: YAML, which includes JSON.
 *
 * @throws {PolicyFileError} with every problem, by its path
 */
export function parsePolicyFile(text: string): PolicyFile {
  const document = parseDocument(text, { prettyErrors: true, logLevel: 'error' });
  // A warning is about a tag or directive that the library ignores. The value would not be what the file says.
  const [broken] = [...document.errors, ...document.warnings];
  if (broken) {
    const [position] = broken.linePos ?? [];
    const what = document.errors.length > 0 ? 'is not YAML' : 'has YAML that is not supported';
    throw new PolicyFileError([
      `It ${what}: line ${position?.line ?? '?'}, column ${position?.col ?? '?'}: ${broken.code}`,
    ]);
  }
  const result = policy.safeParse(toPlain(document), { reportInput: true });
  if (result.success) return result.data;
  throw new PolicyFileError(result.error.issues.flatMap(toProblems));
}

/** Converts a document to plain values. The library rejects aliases that expand excessively. */
function toPlain(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS();
  } catch (error) {
    const isUnresolved = (error as Error).message.startsWith('Unresolved alias');
    throw new PolicyFileError([isUnresolved ? 'It has an alias without an anchor.' : 'It has too many aliases.']);
  }
}

function toProblems(issue: z.core.$ZodIssue): string[] {
  const path = toPath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((unknown) => `${toPath([...issue.path, unknown])} is not a known field`);
  }
  const isMissing = issue.code !== 'custom' && issue.input === undefined;
  return [`${path || 'It'} ${isMissing ? `is missing: it ${issue.message}` : issue.message}`];
}

/** Formats a path as in code: `callers[0].keys[1].hash`. */
function toPath(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${toName(String(part))}`))
    .join('')
    .replace(/^\./, '');
}

/** Sanitizes a name for display. Redacts a service key in the wrong place. */
function toName(part: string): string {
  return part.startsWith(SERVICE_KEY_PREFIX) ? `${SERVICE_KEY_PREFIX}…` : part.replaceAll(/[^\w:-]/g, '?').slice(0, 64);
}

function repeated<Item>(items: readonly Item[], textOf: (item: Item) => string): Item[] {
  return items.filter((item, index) => items.findIndex((other) => textOf(other) === textOf(item)) < index);
}

function findNameProblem(text: string): string | null {
  if (text === '') return 'must not be empty';
  if (hasControlCharacter(text)) return 'must not contain control characters';
  return text.isWellFormed() ? null : 'must be well-formed Unicode, without lone surrogates';
}

function findHashProblem(text: string): string | null {
  if (text.startsWith(SERVICE_KEY_PREFIX))
    return 'is the key itself, which is now exposed: create another key, and put its hash here';
  return SERVICE_KEY_HASH.test(text) ? null : 'must be a hash that xkit-graphql keys create prints: sha256:…';
}
