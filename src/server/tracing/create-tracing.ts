import type * as OpenTelemetry from '@opentelemetry/api';
import type { Context, Span, TextMapGetter, Tracer } from '@opentelemetry/api';

import { tell } from '../../domain/tell.js';
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
    tell(() => tracer.startSpan(...args)) ?? trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

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

  /** Ends a span, whatever becomes of its attributes. */
  const end = (span: Span, code: string | null, describe: () => void) => {
    tell(describe);
    if (code !== null) {
      tell(() => span.setStatus({ code: SpanStatusCode.ERROR }));
      tell(() => span.setAttribute('error.type', code));
    }
    tell(() => span.end());
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
      headers: tell(() => toHeaders(span)) ?? {},
      onEnd: (status, code) => {
        end(span, code, () => {
          if (status !== null) span.setAttribute('http.response.status_code', status);
        });
      },
    };
  };

  const startLookup = (parent: Context): LookupSpan => {
    const span = startSpan('connection lookup', { kind: SpanKind.INTERNAL }, parent);
    return {
      startAttempt: (target, retries) => startAttempt(below(span), target, retries),
      end: ({ connector, outcome, code, joined }: LookupReport) => {
        end(span, code, () => {
          span.setAttributes({ 'xkit.connector': connector, 'xkit.outcome': outcome, 'xkit.joined': joined });
        });
      },
    };
  };

  return {
    startOperation: (headers): OperationSpan => {
      const parent = tell(() => findParent(headers)) ?? ROOT_CONTEXT;
      const span = startSpan('GraphQL Operation', { kind: SpanKind.SERVER }, parent);
      return {
        traceId: tell(() => span.spanContext().traceId) ?? INVALID_SPAN_CONTEXT.traceId,
        describe: (type, name) => {
          tell(() => {
            // Not with its name, which clients choose: it would be as many names as they think of.
            span.updateName(type);
            span.setAttribute('graphql.operation.type', type);
            if (name !== null) span.setAttribute('graphql.operation.name', name);
          });
        },
        startLookup: () => startLookup(below(span)),
        end: ({ codes, lookups, platformRequests, tokens, refusals }: OperationReport) => {
          end(span, codes.find(isFailure) ?? null, () => {
            span.setAttributes({
              'xkit.codes': [...codes],
              'xkit.lookups': lookups,
              'xkit.platform_requests': platformRequests,
              'xkit.tokens': tokens,
              'xkit.refusals': refusals,
            });
          });
        },
      };
    },
    close,
  };
}
