import type { ConnectionState, RepairAction, TokenUnavailableReason } from './__generated__/documents.js';

/** The fields that a query must select from a connection. The fragment `ConnectionOutcome` selects them. */
export interface ConnectionAnswer {
  readonly state: ConnectionState;
  readonly authorization: {
    readonly accessToken: string | null;
    readonly accessTokenFingerprint?: string | null;
  } | null;
  readonly repairLink: {
    readonly url: string;
    readonly action: RepairAction;
    readonly reason: TokenUnavailableReason;
  } | null;
}

/** A position in a response. */
type Path = readonly (string | number)[];

/** An error of a GraphQL response, as every client exposes it. */
export interface AnswerError {
  readonly message: string;
  readonly path?: Path | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Returns the error that explains why the response has no value at a path: the error of the value itself, or else the
 * error of a field around it or of the whole operation. The latter has no path.
 */
export function findErrorAt(errors: readonly AnswerError[] | null | undefined, path: Path): AnswerError | undefined {
  return (
    errors?.find((error) => beginsWith(error.path ?? [], path)) ??
    errors?.find((error) => beginsWith(path, error.path ?? []))
  );
}

function beginsWith(path: Path, start: Path): boolean {
  return start.every((part, index) => path[index] === part);
}
