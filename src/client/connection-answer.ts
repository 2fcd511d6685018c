import type { ConnectionState, RepairAction, TokenUnavailableReason } from './__generated__/documents.js';

/** What a query has to select of a connection: the fragment `ConnectionOutcome` does. */
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

/** An error of a GraphQL answer, as every client hands it on. */
export interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}
