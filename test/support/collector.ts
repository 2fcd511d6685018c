import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';

import protobuf from 'protobufjs';

import { listenLocally } from './listen.js';

/** The part of OTLP that the tests read, with the field numbers of opentelemetry/proto/trace/v1/trace.proto. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message ScopeSpans { repeated Span spans = 2; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue {
    oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; ArrayValue array_value = 5; }
  }
  message ArrayValue { repeated AnyValue values = 1; }
  message Span {
    bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; string name = 5; uint32 kind = 6;
    fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9; Status status = 15;
  }
  message Status { string message = 2; uint32 code = 3; }`);
const ExportTraceServiceRequest = root.lookupType('ExportTraceServiceRequest');

interface AnyValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string | number;
  readonly arrayValue?: { readonly values?: readonly AnyValue[] };
}

interface KeyValue {
  readonly key: string;
  readonly value: AnyValue;
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly {
        readonly traceId: string;
        readonly spanId: string;
        readonly parentSpanId?: string;
        readonly name: string;
        readonly kind: number;
        readonly attributes?: readonly KeyValue[];
        readonly status?: { readonly code?: number };
      }[];
    }[];
  }[];
}

type Attributes = Readonly<Record<string, unknown>>;

export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the root span of a trace. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: 'INTERNAL' | 'SERVER' | 'CLIENT';
  readonly failed: boolean;
  readonly attributes: Attributes;
  readonly resource: Attributes;
}

/** A receiver of OTLP over HTTP, in protobuf or JSON. */
export interface Collector {
  readonly url: string;
  readonly spans: CollectedSpan[];
  /** The headers of each request so far. */
  readonly headers: IncomingHttpHeaders[];
  /** Returns all bodies so far, with one character per byte. */
  bytes(): string;
  close(): Promise<void>;
}

/** Starts a collector. If `answer` is present, it sends the responses. */
export async function startCollector(answer?: (response: ServerResponse) => void): Promise<Collector> {
  const spans: CollectedSpan[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const bodies: Buffer[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    headers.push(request.headers);
    bodies.push(body);
    if (answer) return answer(response);
    if (request.url !== '/v1/traces') return response.writeHead(404).end();
    const isJson = request.headers['content-type'] === 'application/json';
    spans.push(...toSpans(isJson ? (JSON.parse(String(body)) as Export) : decode(body)));
    return response.writeHead(200, { 'content-type': request.headers['content-type'] }).end(isJson ? '{}' : '');
  });
  const port = await listenLocally(server);
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    headers,
    bytes: () => Buffer.concat(bodies).toString('latin1'),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Decodes protobuf to the JSON form, whose ids are in hex. */
function decode(body: Buffer): Export {
  const message = ExportTraceServiceRequest.decode(body);
  const text = JSON.stringify(ExportTraceServiceRequest.toObject(message, { longs: String, bytes: Array }));
  return JSON.parse(text, (name, value: unknown) =>
    name.endsWith('Id') ? Buffer.from(value as number[]).toString('hex') : value,
  ) as Export;
}

function toSpans({ resourceSpans }: Export): CollectedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap((scope) =>
      scope.spans.map(({ traceId, spanId, parentSpanId = '', name, kind, attributes, status }) => ({
        traceId,
        spanId,
        parentSpanId,
        name,
        kind: ([undefined, 'INTERNAL', 'SERVER', 'CLIENT'] as const)[kind] ?? 'INTERNAL',
        failed: status?.code === 2,
        attributes: toAttributes(attributes),
        resource: toAttributes(resource.attributes),
      })),
    ),
  );
}

function toAttributes(attributes: readonly KeyValue[] = []): Attributes {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, toValue(value)]));
}

function toValue({ stringValue, boolValue, intValue, arrayValue }: AnyValue): unknown {
  if (arrayValue) return (arrayValue.values ?? []).map(toValue);
  return stringValue ?? boolValue ?? Number(intValue);
}
