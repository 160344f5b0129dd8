import {
  all,
  type Attributes,
  attributesIn,
  type Fields,
  fieldsOf,
  hex,
  type JsonAttribute,
  jsonAttributes,
  one,
  text,
} from './otlp-encoding.js';

export interface OtlpSpan {
  readonly service: string;
  /** The attributes of the process. */
  readonly resource: Attributes;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the root span of a trace. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer' | 'unspecified';
  readonly attributes: Attributes;
  /** The trace ids of the spans in other traces that it links to. */
  readonly links: readonly string[];
  readonly hasFailed: boolean;
  /** Nanoseconds since 1970. */
  readonly startedAt: bigint;
  readonly endedAt: bigint;
}

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const FAILED = 2;

interface JsonSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: readonly JsonAttribute[];
  readonly links?: readonly { readonly traceId: string }[];
  readonly status?: { readonly code?: number };
}

interface JsonRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly JsonAttribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly JsonSpan[] }[];
  }[];
}

/** Parses an ExportTraceServiceRequest in the JSON encoding of OTLP. */
export function readJsonSpans(text: string): OtlpSpan[] {
  const { resourceSpans } = JSON.parse(text) as JsonRequest;
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const attributes = jsonAttributes(resource.attributes);
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => fromJson(attributes, span)));
  });
}

function fromJson(resource: Attributes, span: JsonSpan): OtlpSpan {
  return {
    service: String(resource['service.name']),
    resource,
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId ?? '',
    name: span.name,
    kind: KINDS[span.kind] ?? 'unspecified',
    attributes: jsonAttributes(span.attributes),
    links: (span.links ?? []).map(({ traceId }) => traceId),
    hasFailed: span.status?.code === FAILED,
    startedAt: BigInt(span.startTimeUnixNano),
    endedAt: BigInt(span.endTimeUnixNano),
  };
}

/** Parses an ExportTraceServiceRequest in the binary encoding of OTLP; the numbers are those of its .proto files. */
export function readProtobufSpans(bytes: Uint8Array): OtlpSpan[] {
  return all(fieldsOf(bytes), 1).flatMap((resourceSpans) => {
    const [resource] = all(resourceSpans, 1);
    const attributes = resource ? attributesIn(resource, 1) : {};
    return all(resourceSpans, 2).flatMap((scope) =>
      all(scope, 2).map((span) => fromFields(attributes, span)),
    );
  });
}

function fromFields(resource: Attributes, span: Fields): OtlpSpan {
  const [status] = all(span, 15);
  return {
    service: String(resource['service.name']),
    resource,
    traceId: hex(span, 1),
    spanId: hex(span, 2),
    parentSpanId: hex(span, 4),
    name: text(span, 5),
    kind: KINDS[Number(one(span, 6) ?? 0)] ?? 'unspecified',
    attributes: attributesIn(span, 9),
    links: all(span, 13).map((link) => hex(link, 1)),
    hasFailed: status !== undefined && Number(one(status, 3)) === FAILED,
    startedAt: one(span, 7) as bigint,
    endedAt: one(span, 8) as bigint,
  };
}
