import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

export interface OtlpSpan {
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the root span of a trace. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer' | 'unspecified';
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The trace ids of the spans in other traces that it links to. */
  readonly links: readonly string[];
  readonly hasFailed: boolean;
  /** Nanoseconds since 1970. */
  readonly startedAt: bigint;
  readonly endedAt: bigint;
}

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const FAILED = 2;

interface JsonAttribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

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
    const service = String(valuesOf(resource.attributes)['service.name']);
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => fromJson(service, span)));
  });
}

function fromJson(service: string, span: JsonSpan): OtlpSpan {
  return {
    service,
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId ?? '',
    name: span.name,
    kind: KINDS[span.kind] ?? 'unspecified',
    attributes: valuesOf(span.attributes ?? []),
    links: (span.links ?? []).map(({ traceId }) => traceId),
    hasFailed: span.status?.code === FAILED,
    startedAt: BigInt(span.startTimeUnixNano),
    endedAt: BigInt(span.endTimeUnixNano),
  };
}

function valuesOf(attributes: readonly JsonAttribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

/** A protobuf message as its fields by number, each with all its values. */
type Fields = ReadonlyMap<number, readonly unknown[]>;

/** Parses an ExportTraceServiceRequest in the binary encoding of OTLP; the numbers are those of its .proto files. */
export function readProtobufSpans(bytes: Uint8Array): OtlpSpan[] {
  return all(fieldsOf(bytes), 1).flatMap((resourceSpans) => {
    const [resource] = all(resourceSpans, 1);
    const service = String(resource && attributesIn(resource, 1)['service.name']);
    return all(resourceSpans, 2).flatMap((scope) => all(scope, 2).map((span) => fromFields(service, span)));
  });
}

function fromFields(service: string, span: Fields): OtlpSpan {
  const [status] = all(span, 15);
  return {
    service,
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

function attributesIn(message: Fields, field: number): Record<string, unknown> {
  return Object.fromEntries(
    all(message, field).map((pair) => {
      const [value] = all(pair, 2);
      return [text(pair, 1), value && anyValue(value)];
    }),
  );
}

function anyValue(value: Fields): unknown {
  if (value.has(1)) return text(value, 1);
  if (value.has(2)) return one(value, 2) === 1n;
  return Number(one(value, 3) ?? 0n);
}

function fieldsOf(bytes: Uint8Array): Fields {
  const reader = new BinaryReader(bytes);
  const fields = new Map<number, unknown[]>();
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    const values = fields.get(field) ?? [];
    values.push(valueOf(reader, type));
    fields.set(field, values);
  }
  return fields;
}

function valueOf(reader: BinaryReader, type: WireType): unknown {
  if (type === WireType.Varint) return BigInt(reader.int64());
  if (type === WireType.Bit64) return BigInt(reader.fixed64());
  if (type === WireType.Bit32) return BigInt(reader.fixed32());
  return reader.bytes();
}

const one = (message: Fields, field: number): unknown => message.get(field)?.[0];
const all = (message: Fields, field: number): Fields[] =>
  (message.get(field) ?? []).map((bytes) => fieldsOf(bytes as Uint8Array));
const bytesOf = (message: Fields, field: number) => Buffer.from((one(message, field) ?? []) as Uint8Array);
const hex = (message: Fields, field: number): string => bytesOf(message, field).toString('hex');
const text = (message: Fields, field: number): string => bytesOf(message, field).toString();
