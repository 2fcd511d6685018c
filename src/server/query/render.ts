import type { QueriedConnectionFragment } from './__generated__/documents.js';
import type { QueryAnswer } from './ask-platform.js';

const NAME_WIDTH = 14;

/** Writes a connection for people, a fact on each line. */
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
  return [`${connector.name ?? connectorSlug} of ${owner}`, '', ...lines, ''].join('\n');
}

/** Writes the errors of an answer, and what to do. */
export function renderErrors(errors: NonNullable<QueryAnswer['errors']>): string {
  const lines = errors.map(({ message, extensions }) => `${String(extensions['code'])}: ${message}`);
  const isInput = errors.every(isInputError);
  return [...lines, isInput ? 'See: xkit-graphql query --help' : 'To find out why: xkit-graphql doctor', ''].join('\n');
}

/** Tells whether an error is about what was asked. */
export function isInputError({ extensions }: { readonly extensions: Readonly<Record<string, unknown>> }): boolean {
  return extensions['code'] === 'BAD_USER_INPUT';
}
