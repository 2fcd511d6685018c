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

/** An error of a GraphQL response, as every client exposes it. */
export interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}
