import type { AuditEvent } from '../access/audit.js';
import type { ConnectionKey } from '../domain/connection-key.js';
import type { LookupObserver } from '../platform/observer.js';

/** Is told what one request comes to, for whoever logs or traces it. What its functions throw is dropped. */
export interface RequestObserver {
  /** A connection is about to be looked up; what this returns is told what becomes of that. */
  onLookup?(key: ConnectionKey): LookupObserver | undefined;
  /** A token is given out or something refused, and the audit has taken note of it. Without an audit it is never called. */
  onAudited?(outcome: AuditEvent['outcome']): void;
}
