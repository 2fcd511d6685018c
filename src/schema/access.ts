import type { GraphQLResolveInfo } from 'graphql';
import { AccessError, createAuthorize, type Decision, type Policy, type Scope } from '../access/policy.js';
import type { Audit, AuditEvent, AuditedRequest } from '../access/audit.js';
import type { AccessToken } from '../domain/access-token.js';
import { type ConnectionKey, formatConnectionKey } from '../domain/connection-key.js';
import { notify } from '../platform/observer.js';
import { withoutStack } from './without-stack.js';
import { type ConnectionsRequest, describeOperation, perRequest } from './context.js';

/** Who decides about access: the schema, by the caller in the context, or the host alone. */
export type AuthorizationMode = 'callers' | 'host-trusted';

/** What a field is asked for, and by whom. */
export interface FieldRequest {
  readonly request: ConnectionsRequest;
  readonly key: ConnectionKey;
  readonly info: GraphQLResolveInfo;
}

/** Stands before every lookup and every token. */
export interface Access {
  /** Throws or rejects with an {@link AccessError} unless the caller in the context may do this with this connection. */
  require(request: FieldRequest, scope: Scope): void | Promise<void>;
  /** Gives the secret itself, once the audit has taken note of it. */
  reveal(request: FieldRequest, token: AccessToken): string | Promise<string>;
}

interface AccessOptions {
  readonly authorization: AuthorizationMode;
  readonly policy: Policy | undefined;
  readonly audit: Audit | undefined;
}

/** Creates what decides about access, and has it recorded. */
export function createAccess({ authorization, policy, audit }: AccessOptions): Access {
  const authorize = createAuthorize(policy);
  const recordOnce = createRecordOnce();

  const refuse = async (
    field: FieldRequest,
    scope: Scope,
    ...reason: ConstructorParameters<typeof AccessError>
  ): Promise<never> => {
    const refusal = withoutStack(() => new AccessError(...reason));
    if (audit) {
      const record = (audited: AuditedRequest) => audit.recordRefusal(audited, refusal);
      await recordOnce(field, scope, 'refused', record, () => undefined);
    }
    throw refusal;
  };

  return {
    // Not async: most answers are a yes at once, and a promise for each would cost more than to find it.
    require: (field, scope) => {
      if (authorization === 'host-trusted') return undefined;
      const { key } = field;
      const { caller } = field.request;
      if (!caller) return refuse(field, scope, 'UNAUTHENTICATED');
      const judge = (decision: Decision) =>
        decision.allowed ? undefined : refuse(field, scope, 'FORBIDDEN', decision.missingScope);
      const decision = authorize({ caller, key, scope });
      return decision instanceof Promise ? decision.then(judge) : judge(decision);
    },
    reveal: (field, token) => {
      if (!audit) return token.reveal();
      const record = (audited: AuditedRequest) => audit.recordDisclosure(audited, token);
      return recordOnce(field, token.fingerprint, 'disclosed', record, () => token.reveal());
    },
  };
}

/** Creates the function that records a thing and then gives it: once for a request, however many aliases ask for it. */
function createRecordOnce() {
  const givenOf = perRequest(() => new Map<string, Promise<unknown>>());
  return <Value>(
    { request, key, info }: FieldRequest,
    what: string,
    outcome: AuditEvent['outcome'],
    record: (audited: AuditedRequest) => Promise<void>,
    give: () => Value,
  ): Promise<Value> => {
    const { requestId, caller, observer } = request;
    const ofRequest = givenOf(request);
    const name = `${what}:${formatConnectionKey(key)}`;
    const known = ofRequest.get(name);
    // The same thing of the same connection.
    if (known) return known as Promise<Value>;
    const given = record({ requestId, caller, key, operation: describeOperation(info) }).then(() => {
      notify(() => observer?.onAudited?.(outcome));
      return give();
    });
    ofRequest.set(name, given);
    return given;
  };
}
