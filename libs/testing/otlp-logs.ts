import {
  all,
  anyValue,
  type Attributes,
  attributesIn,
  type Fields,
  fieldsOf,
  hex,
  type JsonAttribute,
  jsonAttributes,
  jsonValue,
  one,
  text,
} from './otlp-encoding.js';

export interface OtlpLog {
  /** The attributes of the process. */
  readonly resource: Attributes;
  readonly severity: number;
  readonly severityText: string;
  readonly body: unknown;
  readonly attributes: Attributes;
  /** Empty for a record outside of any span. */
  readonly traceId: string;
  readonly spanId: string;
  /** Nanoseconds since 1970. */
  readonly at: bigint;
}

interface JsonLog {
  readonly timeUnixNano: string;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body?: JsonAttribute['value'];
  readonly attributes?: readonly JsonAttribute[];
  readonly traceId?: string;
  readonly spanId?: string;
}

interface JsonRequest {
  readonly resourceLogs: readonly {
    readonly resource: { readonly attributes: readonly JsonAttribute[] };
    readonly scopeLogs: readonly { readonly logRecords: readonly JsonLog[] }[];
  }[];
}

/** Parses an ExportLogsServiceRequest in the JSON encoding of OTLP. */
export function readJsonLogs(json: string): OtlpLog[] {
  const { resourceLogs } = JSON.parse(json) as JsonRequest;
  return resourceLogs.flatMap(({ resource, scopeLogs }) =>
    scopeLogs
      .flatMap(({ logRecords }) => logRecords)
      .map((log) => ({
        resource: jsonAttributes(resource.attributes),
        severity: log.severityNumber,
        severityText: log.severityText,
        body: jsonValue(log.body),
        attributes: jsonAttributes(log.attributes),
        traceId: log.traceId ?? '',
        spanId: log.spanId ?? '',
        at: BigInt(log.timeUnixNano),
      })),
  );
}

/** Parses an ExportLogsServiceRequest in the binary encoding of OTLP; the numbers are those of its .proto files. */
export function readProtobufLogs(bytes: Uint8Array): OtlpLog[] {
  return all(fieldsOf(bytes), 1).flatMap((resourceLogs) => {
    const [resource] = all(resourceLogs, 1);
    const attributes = resource ? attributesIn(resource, 1) : {};
    return all(resourceLogs, 2).flatMap((scope) => all(scope, 2).map((log) => fromFields(attributes, log)));
  });
}

function fromFields(resource: Attributes, log: Fields): OtlpLog {
  const [body] = all(log, 5);
  return {
    resource,
    severity: Number(one(log, 2) ?? 0),
    severityText: text(log, 3),
    body: body && anyValue(body),
    attributes: attributesIn(log, 6),
    traceId: hex(log, 9),
    spanId: hex(log, 10),
    at: one(log, 1) as bigint,
  };
}
