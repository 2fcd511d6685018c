import type { ExecutionResult, OperationDefinitionNode } from 'graphql';
import type { GraphQLParams } from 'graphql-yoga';

import type { AuditEvent } from '../../access/audit.js';
import type { ConnectionKey } from '../../domain/connection-key.js';
import type { LookupObserver } from '../../platform/lookup-observer.js';
import { describeOperation, type OperationDescription } from '../../schema/operation.js';
import type { RequestObserver } from '../../schema/request-observer.js';
import type { AuthenticatedCaller } from '../authentication/authenticated.js';
import { type AskedRequest, Incoming } from '../http/asked-request.js';
import { toRequestId } from '../http/request-id.js';
import type { OperationSpan } from '../tracing/tracing.js';
import type { OperationReport } from './operation-report.js';

/**
 * All that the server knows of one request. It observes the lookups as well, and only counts their requests: most
 * operations have nobody who wants to know more, and nothing is made for each lookup of theirs.
 */
class OperationRecord implements RequestObserver, LookupObserver {
  /** The `x-request-id` that the request came with, if that is fit to print, or a new UUID. */
  readonly requestId: string;
  /** When it was let in, by `performance.now()`. */
  startedAt = 0;
  /** Who sent it, once that is known. */
  authenticated: AuthenticatedCaller | null = null;
  /** What its body asks for, once somebody reads it. */
  params: Promise<GraphQLParams> | null = null;
  /** What it came to, where compiled code has executed it. */
  result: Promise<ExecutionResult> | null = null;
  /** Null until it is executed. */
  operation: OperationDefinitionNode | null = null;
  /** Null where nobody traces, and until its body is read. */
  span: OperationSpan | null = null;
  /** Observes a lookup more closely, if somebody wants to know. */
  watchLookup: ((key: ConnectionKey) => LookupObserver) | null = null;
  lookups = 0;
  platformRequests = 0;
  tokens = 0;
  refusals = 0;

  constructor(readonly headers: Pick<Headers, 'get'>) {
    this.requestId = toRequestId(headers.get('x-request-id'));
  }

  onLookup(key: ConnectionKey): LookupObserver {
    this.lookups += 1;
    return this.watchLookup?.(key) ?? this;
  }

  onAttempt(): undefined {
    this.platformRequests += 1;
  }

  onAudited(outcome: AuditEvent['outcome']): void {
    if (outcome === 'disclosed') this.tokens += 1;
    else this.refusals += 1;
  }

  /** Says what is executed. Only where that is shown: each new document has to be hashed for it. */
  describe(): OperationDescription | null {
    return this.operation && describeOperation({ operation: this.operation, fragments: {} });
  }

  /** @param result as a plugin of Yoga is given it */
  toReport(result: object): OperationReport {
    const { errors = [] } = result as ExecutionResult;
    const codes = new Set(errors.map(({ extensions }) => String(extensions['code'])));
    const { lookups, platformRequests, tokens, refusals } = this;
    return { codes: [...codes], lookups, platformRequests, tokens, refusals };
  }
}

export type { OperationRecord };

const records = new WeakMap<AskedRequest, OperationRecord>();

/** Gives the record of a request, and begins it the first time. */
export function recordOf(request: AskedRequest): OperationRecord {
  if (request instanceof Incoming) return (request.record ??= new OperationRecord(request));
  const known = records.get(request);
  if (known) return known;
  const record = new OperationRecord(request.headers);
  records.set(request, record);
  return record;
}

/** Has another request keep the record of one: they are the same, looked at in two ways. */
export function shareRecord(request: AskedRequest, other: AskedRequest): void {
  records.set(other, recordOf(request));
}
