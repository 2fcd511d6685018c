import type { ConnectionKey } from '../domain/connection-key.js';
import { type ConnectionReading, toConnectionState } from '../domain/connection.js';
import { tell } from '../domain/tell.js';
import type { PlatformEvent, ReadConnectionOptions } from './client.js';
import { isPlatformError } from './errors.js';
import type { LookupObserver } from './lookup-observer.js';
import type { Passenger } from './single-flight.js';

/** A lookup as it was asked for. It takes part in a flight, and tells whoever wants to know what comes of it. */
export class Asked implements Passenger<ConnectionReading> {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number | undefined;
  readonly fresh: boolean | undefined;
  readonly observer: LookupObserver | undefined;
  readonly #report: (event: PlatformEvent) => void;

  /** @param name the key as one text */
  constructor(
    readonly key: ConnectionKey,
    readonly name: string,
    { signal, timeoutMs, fresh, observer }: ReadConnectionOptions,
    report: (event: PlatformEvent) => void,
  ) {
    this.signal = signal;
    this.timeoutMs = timeoutMs;
    this.fresh = fresh;
    this.observer = observer;
    this.#report = report;
  }

  onJoin(): void {
    this.#report({ type: 'joined' });
    tell(() => this.observer?.onJoin?.());
  }

  onEnd(reading: ConnectionReading | null, error: unknown): void {
    const state = reading && toConnectionState(reading);
    const code = isPlatformError(error) ? error.code : null;
    this.#report({ type: 'lookup', connectorSlug: this.key.connectorSlug, state, code });
    tell(() => this.observer?.onEnd?.(reading, error));
  }
}
