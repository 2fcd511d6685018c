import type { QueriedConnectionFragment } from './__generated__/documents.js';
import type { QueryAnswer, QueryError } from './question.js';

const NAME_WIDTH = 14;

/** Formats a connection for people, one fact per line. */
export function renderConnection(connection: QueriedConnectionFragment): string {
  const { connector, connectorSlug, ownerKind, ownerId, state, authorization, repairLink } = connection;
  const isHidden = state === 'ACTIVE' && authorization?.accessToken === undefined;
  const error = [authorization?.errorCode, authorization?.errorMessage].filter(Boolean).join(': ');
  const facts: readonly (readonly [name: string, value: string | null | undefined])[] = [
    ['state', state],
    ['reason', repairLink?.reason],
    ['action', repairLink?.action],
    ['repair link', repairLink?.url],
    ['authorization', authorization && `${authorization.status} (${authorization.platformStatus})`],
    ['account', authorization?.displayLabel],
    ['error', error],
    ['token', isHidden ? 'hidden: --reveal shows it' : authorization?.accessToken],
    ['fingerprint', authorization?.accessTokenFingerprint],
  ];
  const lines = facts.flatMap(([name, value]) => (value ? [`  ${name.padEnd(NAME_WIDTH)} ${value}`] : []));
  const owner = `${ownerKind.toLowerCase()} ${ownerId}`;
  return [`${connector.name ?? connectorSlug} of ${owner}`, '', ...lines, ''].map(toShown).join('\n');
}

/** Explains NOT_FOUND, which may have a cause that the repair link does not fix. */
export const NOT_FOUND_HINT =
  'The platform sends the same response for an unknown owner, an unknown connector and a wrong path. Check the spelling of the owner and the connector, XKIT_API_URL and XKIT_API_GENERATION.\n';

const ADVICE: Readonly<Record<string, string>> = {
  BAD_USER_INPUT: 'See: xkit-graphql query --help',
  GRAPHQL_VALIDATION_FAILED: 'Set XKIT_TYPE_PREFIX and XKIT_FIELD_PREFIX to the same values as for the gateway.',
  UNAUTHENTICATED: "The gateway's log shows why it rejects XKIT_SERVICE_KEY.",
  FORBIDDEN: "The gateway's policy file shows what the caller with XKIT_SERVICE_KEY may read.",
};

/** Formats the errors of a response, with advice. */
export function renderErrors(errors: readonly QueryError[]): string {
  const lines = errors.map((error) => `${codeOf(error)}: ${error.message}`);
  const advice = new Set(errors.map((error) => ADVICE[codeOf(error)] ?? 'To find out why: xkit-graphql doctor'));
  return [...lines, ...advice, ''].map(toShown).join('\n');
}

/** Returns whether an error is about the input. */
export function isInputError(error: QueryError): boolean {
  return codeOf(error) === 'BAD_USER_INPUT';
}

function codeOf({ extensions }: QueryError): string {
  const code = extensions?.['code'];
  return typeof code === 'string' ? code : 'ERROR';
}

/** Formats a response for scripts. Also escapes the terminal control characters that JSON does not escape. */
export function renderJson(answer: QueryAnswer): string {
  const json = JSON.stringify(answer, null, 2);
  return `${json.replaceAll(/[\u007f-\u009f]/g, (control) => `\\u00${control.charCodeAt(0).toString(16)}`)}\n`;
}

/** Removes terminal and text-direction control characters, because a gateway may be untrusted. */
function toShown(line: string): string {
  return line.replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, '');
}
