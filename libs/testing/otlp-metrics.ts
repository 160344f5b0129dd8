import {
  all,
  type Attributes,
  attributesIn,
  double,
  type Fields,
  fieldsOf,
  type JsonAttribute,
  jsonAttributes,
  one,
  packed,
  text,
} from './otlp-encoding.js';

export interface OtlpMetric {
  /** The attributes of the process. */
  readonly resource: Attributes;
  readonly name: string;
  readonly description: string;
  readonly type: 'gauge' | 'sum' | 'histogram';
  readonly isMonotonic: boolean;
  readonly isCumulative: boolean;
  readonly points: readonly OtlpPoint[];
}

export interface OtlpPoint {
  readonly attributes: Attributes;
  /** Of a histogram: the sum. */
  readonly value: number;
  /** Of a histogram: how many values there are, and how many of them are in each bucket. */
  readonly count: number;
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
  /** Nanoseconds since 1970. */
  readonly startedAt: bigint;
  readonly at: bigint;
}

const CUMULATIVE = 2;
const TYPES = { gauge: 5, sum: 7, histogram: 9 } as const;
const TYPE_NAMES = Object.keys(TYPES) as (keyof typeof TYPES)[];

interface JsonPoint {
  readonly attributes?: readonly JsonAttribute[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
  readonly asDouble?: number;
  readonly asInt?: string | number;
  readonly sum?: number;
  readonly count?: string | number;
  readonly explicitBounds?: readonly number[];
  readonly bucketCounts?: readonly (string | number)[];
}

interface JsonData {
  readonly dataPoints: readonly JsonPoint[];
  readonly aggregationTemporality?: number;
  readonly isMonotonic?: boolean;
}

interface JsonRequest {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: readonly JsonAttribute[] };
    readonly scopeMetrics: readonly {
      readonly metrics: readonly ({ readonly name: string; readonly description?: string } & Partial<
        Record<OtlpMetric['type'], JsonData>
      >)[];
    }[];
  }[];
}

/** Parses an ExportMetricsServiceRequest in the JSON encoding of OTLP. */
export function readJsonMetrics(json: string): OtlpMetric[] {
  const { resourceMetrics } = JSON.parse(json) as JsonRequest;
  return resourceMetrics.flatMap(({ resource, scopeMetrics }) =>
    scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .map((metric) => {
        const type = TYPE_NAMES.find((name) => metric[name]) ?? 'gauge';
        const data = metric[type];
        return {
          resource: jsonAttributes(resource.attributes),
          name: metric.name,
          description: metric.description ?? '',
          type,
          isMonotonic: data?.isMonotonic ?? false,
          isCumulative: data?.aggregationTemporality === CUMULATIVE,
          points: (data?.dataPoints ?? []).map(pointFromJson),
        };
      }),
  );
}

function pointFromJson(point: JsonPoint): OtlpPoint {
  return {
    attributes: jsonAttributes(point.attributes),
    value: Number(point.sum ?? point.asDouble ?? point.asInt),
    count: Number(point.count ?? 0),
    bounds: point.explicitBounds ?? [],
    counts: (point.bucketCounts ?? []).map(Number),
    startedAt: BigInt(point.startTimeUnixNano),
    at: BigInt(point.timeUnixNano),
  };
}

/** Parses an ExportMetricsServiceRequest in the binary encoding of OTLP; the numbers are those of its .proto files. */
export function readProtobufMetrics(bytes: Uint8Array): OtlpMetric[] {
  return all(fieldsOf(bytes), 1).flatMap((resourceMetrics) => {
    const [resource] = all(resourceMetrics, 1);
    const attributes = resource ? attributesIn(resource, 1) : {};
    return all(resourceMetrics, 2).flatMap((scope) =>
      all(scope, 2).map((metric) => fromFields(attributes, metric)),
    );
  });
}

function fromFields(resource: Attributes, metric: Fields): OtlpMetric {
  const type = TYPE_NAMES.find((name) => metric.has(TYPES[name])) ?? 'gauge';
  const [data = new Map() as Fields] = all(metric, TYPES[type]);
  return {
    resource,
    name: text(metric, 1),
    description: text(metric, 2),
    type,
    isMonotonic: one(data, 3) === 1n,
    isCumulative: Number(one(data, 2)) === CUMULATIVE,
    points: all(data, 1).map((point) => (type === 'histogram' ? histogramPoint(point) : numberPoint(point))),
  };
}

function numberPoint(point: Fields): OtlpPoint {
  return {
    attributes: attributesIn(point, 7),
    value: point.has(6) ? Number(one(point, 6)) : double(one(point, 4)),
    count: 0,
    bounds: [],
    counts: [],
    startedAt: one(point, 2) as bigint,
    at: one(point, 3) as bigint,
  };
}

function histogramPoint(point: Fields): OtlpPoint {
  return {
    attributes: attributesIn(point, 9),
    value: double(one(point, 5)),
    count: Number(one(point, 4) ?? 0),
    bounds: packed(point, 7).map(double),
    counts: packed(point, 6).map(Number),
    startedAt: one(point, 2) as bigint,
    at: one(point, 3) as bigint,
  };
}
