import type * as OpenTelemetry from '@opentelemetry/api';
import type { Context, Span, TextMapGetter, Tracer } from '@opentelemetry/api';
import type { ConnectionKey } from '../../domain/connection-key.js';
import { type AttemptObserver, type LookupObserver, notify, type PlatformTarget } from '../../platform/observer.js';
import { RequestRecord } from '../request-record.js';
import type { ConnectorLabel } from './metrics.js';
import { isFailureCode, toLookupOutcome } from './lookup-outcome.js';
import type { Observer } from './observer.js';

/** The traces of one process: a span per operation, a child per lookup, and below that a child per request. */
export interface Tracing {
  readonly createObserver: (labelOf: ConnectorLabel) => Observer;
  /** Exports the remaining spans, within a bounded time. */
  readonly close: () => Promise<void>;
}

const HEADERS: TextMapGetter<RequestRecord> = {
  get: (record, name) => record.header(name) ?? undefined,
  keys: () => [],
};

/**
 * Creates the tracing of one process. Spans hold only the attributes set here. If the operator's SDK throws, a trace is
 * lost, but no operation fails. Spans are passed to their children explicitly, because a context manager would slow
 * down every promise of the process.
 *
 * @param api the API that the SDK is registered with
 * @param close exports the remaining spans of the SDK
 */
export function createTracing(api: typeof OpenTelemetry, close: Tracing['close']): Tracing {
  const { context, INVALID_SPAN_CONTEXT, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } = api;
  const tracer = trace.getTracer('xkit-graphql');

  /** Creates the context of a span, without baggage, which would be sent to the platform. */
  const below = (span: Span): Context => trace.setSpan(ROOT_CONTEXT, span);

  const startSpan: Tracer['startSpan'] = (...args) =>
    notify(() => tracer.startSpan(...args)) ?? trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

  const findParent = (record: RequestRecord): Context => {
    const active = trace.getSpan(context.active());
    if (active) return below(active);
    const remote = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, record, HEADERS));
    return remote ? trace.setSpanContext(ROOT_CONTEXT, remote) : ROOT_CONTEXT;
  };

  const toHeaders = (span: Span): Record<string, string> => {
    const headers: Record<string, string> = {};
    propagation.inject(below(span), headers);
    return headers;
  };

  /** Ends a span, even if its attributes cannot be set. */
  const end = (span: Span, code: string | null, describe: () => void) => {
    notify(describe);
    if (code !== null) {
      notify(() => span.setStatus({ code: SpanStatusCode.ERROR }));
      notify(() => span.setAttribute('error.type', code));
    }
    notify(() => span.end());
  };

  const startAttempt = (parent: Context, target: PlatformTarget, retries: number): AttemptObserver => {
    const { address, port, urlTemplate } = target;
    const attributes = {
      'http.request.method': 'GET',
      'server.address': address,
      'server.port': port,
      'url.template': urlTemplate,
      ...(retries > 0 && { 'http.request.resend_count': retries }),
    };
    const span = startSpan(`GET ${urlTemplate}`, { kind: SpanKind.CLIENT, attributes }, parent);
    return {
      headers: notify(() => toHeaders(span)) ?? {},
      onEnd: (status, code) => {
        end(span, code, () => {
          if (status !== null) span.setAttribute('http.response.status_code', status);
        });
      },
    };
  };

  const startLookup = (parent: Span, { connectorSlug }: ConnectionKey, labelOf: ConnectorLabel): LookupObserver => {
    const span = startSpan('connection lookup', { kind: SpanKind.INTERNAL }, below(parent));
    let joined = false;
    return {
      onJoin: () => {
        joined = true;
      },
      onAttempt: (target, retries) => startAttempt(below(span), target, retries),
      onEnd: (reading, error) => {
        const { outcome, code } = toLookupOutcome(reading, error);
        const connector = labelOf(connectorSlug, reading?.found ?? false);
        end(span, code, () => {
          span.setAttributes({ 'xkit.connector': connector, 'xkit.outcome': outcome, 'xkit.joined': joined });
        });
      },
    };
  };

  return {
    createObserver: (labelOf) => ({
      onOperationStart: (record) => {
        const parent = notify(() => findParent(record)) ?? ROOT_CONTEXT;
        const span = startSpan('GraphQL Operation', { kind: SpanKind.SERVER }, parent);
        record.span = span;
        record.traceId = notify(() => span.spanContext().traceId) ?? INVALID_SPAN_CONTEXT.traceId;
      },
      onOperationExecute: (record) => {
        const { span, operation } = record;
        if (!span || !operation) return;
        notify(() => {
          // Without the operation name: clients choose it, so the number of span names would be unbounded.
          span.updateName(operation.operation);
          span.setAttribute('graphql.operation.type', operation.operation);
          const { name = null } = record.describeOperation() ?? {};
          if (name !== null) span.setAttribute('graphql.operation.name', name);
        });
      },
      onLookupStart: ({ span }, key) => (span ? startLookup(span, key, labelOf) : undefined),
      onOperationEnd: ({ span, lookups, platformRequests, tokens, refusals }, result) => {
        if (!span) return;
        const codes = RequestRecord.codesOf(result);
        end(span, codes.find(isFailureCode) ?? null, () => {
          span.setAttributes({
            'xkit.codes': codes,
            'xkit.lookups': lookups,
            'xkit.platform_requests': platformRequests,
            'xkit.tokens': tokens,
            'xkit.refusals': refusals,
          });
        });
      },
    }),
    close,
  };
}
