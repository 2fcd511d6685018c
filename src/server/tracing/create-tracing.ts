import type * as OpenTelemetry from '@opentelemetry/api';
import type { Context, Span, TextMapGetter, Tracer } from '@opentelemetry/api';

import type { AttemptObserver, PlatformTarget } from '../../platform/lookup-observer.js';
import { isFailure, type LookupReport, type OperationReport } from '../operations/operation-report.js';
import type { LookupSpan, OperationSpan, Tracing } from './tracing.js';

const HEADERS: TextMapGetter<Pick<Headers, 'get'>> = {
  get: (headers, name) => headers.get(name) ?? undefined,
  keys: () => [],
};

/**
 * Creates the tracing of one process. Its spans hold what is named here and nothing else.
 *
 * What an operator has put into the SDK is called as it is: what throws costs a trace, and no operation.
 *
 * Each span is handed to those below it. A context manager, which finds it by itself, would cost every promise of the
 * process something.
 *
 * @param api what an SDK is registered with
 * @param close hands over what the SDK still holds
 */
export function createTracing(api: typeof OpenTelemetry, close: Tracing['close']): Tracing {
  const { context, INVALID_SPAN_CONTEXT, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } = api;
  const tracer = trace.getTracer('xkit-graphql');

  /** Gives the context of a span, and no baggage: whatever somebody put there would travel on to the platform. */
  const below = (span: Span): Context => trace.setSpan(ROOT_CONTEXT, span);

  const startSpan: Tracer['startSpan'] = (...args) =>
    orIfThrown(trace.wrapSpanContext(INVALID_SPAN_CONTEXT), () => tracer.startSpan(...args));

  const findParent = (headers: Pick<Headers, 'get'>): Context => {
    const active = trace.getSpan(context.active());
    if (active) return below(active);
    const remote = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, headers, HEADERS));
    return remote ? trace.setSpanContext(ROOT_CONTEXT, remote) : ROOT_CONTEXT;
  };

  const toHeaders = (span: Span): Record<string, string> => {
    const headers: Record<string, string> = {};
    propagation.inject(below(span), headers);
    return headers;
  };

  const fail = (span: Span, code: string) => {
    span.setAttribute('error.type', code);
    span.setStatus({ code: SpanStatusCode.ERROR });
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
      headers: orIfThrown({}, () => toHeaders(span)),
      onEnd: (status, code) => {
        if (status !== null) span.setAttribute('http.response.status_code', status);
        if (code !== null) fail(span, code);
        endSpan(span);
      },
    };
  };

  const startLookup = (parent: Context): LookupSpan => {
    const span = startSpan('connection lookup', { kind: SpanKind.INTERNAL }, parent);
    return {
      startAttempt: (target, retries) => startAttempt(below(span), target, retries),
      end: ({ connector, outcome, code, joined }: LookupReport) => {
        span.setAttributes({ 'xkit.connector': connector, 'xkit.outcome': outcome, 'xkit.joined': joined });
        if (code !== null) fail(span, code);
        endSpan(span);
      },
    };
  };

  return {
    startOperation: (headers): OperationSpan => {
      const parent = orIfThrown(ROOT_CONTEXT, () => findParent(headers));
      const span = startSpan('GraphQL Operation', { kind: SpanKind.SERVER }, parent);
      return {
        traceId: span.spanContext().traceId,
        describe: (type, name) => {
          // Not with its name, which clients choose: it would be as many names as they think of.
          span.updateName(type);
          span.setAttribute('graphql.operation.type', type);
          if (name !== null) span.setAttribute('graphql.operation.name', name);
        },
        startLookup: () => startLookup(below(span)),
        end: ({ codes, lookups, platformRequests, tokens, refusals }: OperationReport) => {
          span.setAttributes({
            'xkit.codes': [...codes],
            'xkit.lookups': lookups,
            'xkit.platform_requests': platformRequests,
            'xkit.tokens': tokens,
            'xkit.refusals': refusals,
          });
          const failure = codes.find(isFailure);
          if (failure !== undefined) fail(span, failure);
          endSpan(span);
        },
      };
    },
    close,
  };
}

function endSpan(span: Span): void {
  orIfThrown(undefined, () => span.end());
}

/** Gives what an action gives, or something else where it throws. */
function orIfThrown<Value>(otherwise: Value, action: () => Value): Value {
  try {
    return action();
  } catch {
    return otherwise;
  }
}
