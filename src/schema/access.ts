import type { GraphQLResolveInfo } from 'graphql';
import { AccessError, createAuthorize, type Decision, type Policy, type Scope } from '../access/policy.js';
import type { Audit, AuditEvent, AuditedRequest } from '../access/audit.js';
import type { AccessToken } from '../domain/access-token.js';
import { type ConnectionKey, formatConnectionKey } from '../domain/connection-key.js';
import { notify } from '../platform/observer.js';
import { withoutStack } from './without-stack.js';
import { type ConnectionsRequest, describeOperation, perRequest } from './context.js';

/** Whether the schema checks the caller in the context, or only the host controls access. */
export type AuthorizationMode = 'callers' | 'host-trusted';

/** A field's request for a connection. */
export interface FieldRequest {
  readonly request: ConnectionsRequest;
  readonly key: ConnectionKey;
  readonly info: GraphQLResolveInfo;
}

/** Checks access before each lookup and each token. */
export interface Access {
  /** Rejects with an {@link AccessError} unless the caller in the context may use the scope on the connection. */
  require(request: FieldRequest, scope: Scope): void | Promise<void>;
  /** Returns the secret, after the audit has recorded the disclosure. */
  reveal(request: FieldRequest, token: AccessToken): string | Promise<string>;
}

interface AccessOptions {
  readonly authorization: AuthorizationMode;
  readonly policy: Policy | undefined;
  readonly audit: Audit | undefined;
}

/** Creates the access checks. The audit records their refusals and the disclosures. */
export function createAccess({ authorization, policy, audit }: AccessOptions): Access {
  const authorize = createAuthorize(policy);
  const once = createOnce();

  const refuse = async (
    field: FieldRequest,
    scope: Scope,
    ...reason: ConstructorParameters<typeof AccessError>
  ): Promise<never> => {
    const refusal = withoutStack(() => new AccessError(...reason));
    if (audit) {
      await once(field, scope, async () => {
        await audit.recordRefusal(toAudited(field), refusal);
        notifyAudited(field, 'refused');
      });
    }
    throw refusal;
  };

  const judge = (field: FieldRequest, scope: Scope, decision: Decision) =>
    decision.allowed ? undefined : refuse(field, scope, 'FORBIDDEN', decision.missingScope);

  return {
    // Not async: most decisions are synchronous, and a promise would cost more than the decision.
    require: (field, scope) => {
      if (authorization === 'host-trusted') return undefined;
      const { caller } = field.request;
      if (!caller) return refuse(field, scope, 'UNAUTHENTICATED');
      const decision = authorize({ caller, key: field.key, scope });
      if (decision instanceof Promise) return decision.then((later) => judge(field, scope, later));
      return judge(field, scope, decision);
    },
    reveal: (field, token) => {
      if (!audit) return token.reveal();
      return once(field, token.fingerprint, async () => {
        await audit.recordDisclosure(toAudited(field), token);
        notifyAudited(field, 'disclosed');
        return token.reveal();
      });
    },
  };
}

/** Creates the function that runs an action once per request, connection, and `what`, regardless of aliases. */
function createOnce() {
  const doneOf = perRequest(() => new Map<string, Promise<unknown>>());
  return <Value>({ request, key }: FieldRequest, what: string, act: () => Promise<Value>): Promise<Value> => {
    const done = doneOf(request);
    const name = `${what}:${formatConnectionKey(key)}`;
    const known = done.get(name);
    // The same `what` for the same connection has the same type.
    if (known) return known as Promise<Value>;
    const value = act();
    done.set(name, value);
    return value;
  };
}

function toAudited({ request, key, info }: FieldRequest): AuditedRequest {
  const { requestId, caller } = request;
  return { requestId, caller, key, operation: describeOperation(info) };
}

function notifyAudited({ request }: FieldRequest, outcome: AuditEvent['outcome']): void {
  notify(() => request.observer?.onAudited?.(outcome));
}
