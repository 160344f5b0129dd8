import { z } from 'zod';

/**
 * A kind of event: its CloudEvents type, with the version in the name, and the schema of its data.
 * Data are ids and plain values, never an entity.
 */
export interface EventType<Name extends string = string, Data = unknown> {
  readonly name: Name;
  readonly schema: z.ZodType<Data>;
  /** The id of the thing that the event is about; events with the same key are handled in order. */
  key(data: Data): string;
}

/** A CloudEvents 1.0 envelope (https://github.com/cloudevents/spec). */
export interface EventEnvelope<Data = unknown> {
  readonly specversion: '1.0';
  readonly id: string;
  /** The context that published it, such as `/billing`. */
  readonly source: string;
  readonly type: string;
  /** The event's key. */
  readonly subject: string;
  /** When it became true, ISO 8601 in UTC. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  /** The trace that it belongs to, by the extension Distributed Tracing of CloudEvents. */
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
  /** W3C Baggage of what has caused it. */
  readonly baggage?: string | undefined;
  readonly data: Data;
}

/** The schema of every envelope, whatever its type; unknown attributes are allowed. */
export const Envelope: z.ZodType<EventEnvelope> = z.looseObject({
  specversion: z.literal('1.0'),
  id: z.uuid(),
  source: z.string().min(1),
  type: z.string().regex(/^[a-z][\w.-]*\.v\d+$/, 'expected a name that ends in a version, such as .v1'),
  subject: z.string().min(1),
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
  traceparent: z.string().optional(),
  tracestate: z.string().optional(),
  baggage: z.string().optional(),
  data: z.unknown(),
});

/** The name of an event without its version: `invoices.sent` for `invoices.sent.v1`. */
export function eventNameOf(type: string): string {
  return type.replace(/\.v\d+$/, '');
}

export function eventType<Name extends string, Data>(
  name: Name,
  schema: z.ZodType<Data>,
  key: (data: Data) => string,
): EventType<Name, Data> {
  return { name, schema, key };
}
