import { z } from 'zod';
import { Envelope, type EventType } from './event.js';
import { handledEvents, type Product } from './product.js';

const CLOUD_EVENT = 'application/cloudevents+json';
const SCHEMAS = '#/components/schemas/';

/** The part of AsyncAPI 3 that is used here: https://www.asyncapi.com/docs/reference/specification/v3.0.0 */
export interface AsyncApiDocument {
  readonly asyncapi: '3.0.0';
  readonly info: object;
  readonly defaultContentType: string;
  readonly channels: Readonly<Record<string, object>>;
  readonly operations: Readonly<Record<string, object>>;
  readonly components: {
    readonly messages: Readonly<Record<string, object>>;
    readonly schemas: Readonly<Record<string, object>>;
  };
}

/**
 * The AsyncAPI document of all events of a product: a channel for each event, which its context sends, and which every context that
 * handles it receives. It names no server, since the bus is chosen by a setting and events stay within the product.
 */
export function describeEvents(product: Product): AsyncApiDocument {
  const published = product.contexts.flatMap(({ name, publishes }) =>
    publishes.map((event) => ({ context: name, event })),
  );
  const events = published.map(({ event }) => event).sort((one, other) => (one.name < other.name ? -1 : 1));
  const sent = published.map(({ context, event }) => operationOf(product, 'send', context, event));
  const received = product.contexts.flatMap((context) =>
    handledEvents(context).map((event) => operationOf(product, 'receive', context.name, event)),
  );
  return {
    asyncapi: '3.0.0',
    info: {
      title: `Events of ${product.name}`,
      version: '1.0',
      description:
        'Each event is in a CloudEvents 1.0 envelope. Those with the same key (`subject`) are handled in order.',
    },
    defaultContentType: CLOUD_EVENT,
    channels: Object.fromEntries(events.map((event) => [event.name, channelOf(event)])),
    operations: Object.fromEntries([...sent, ...received].sort(([one], [other]) => (one < other ? -1 : 1))),
    components: {
      messages: Object.fromEntries(events.map((event) => [event.name, messageOf(event)])),
      schemas: schemasOf(events),
    },
  };
}

function channelOf({ name }: EventType): object {
  return { address: name, messages: { [name]: { $ref: `#/components/messages/${name}` } } };
}

function operationOf(
  product: Product,
  action: 'send' | 'receive',
  context: string,
  { name }: EventType,
): [string, object] {
  const { description } = product.get(context);
  const tag = description === undefined ? { name: context } : { name: context, description };
  return [`${context}.${action}.${name}`, { action, channel: { $ref: `#/channels/${name}` }, tags: [tag] }];
}

function messageOf({ name, schema }: EventType): object {
  return {
    name,
    summary: schema.description ?? name,
    contentType: CLOUD_EVENT,
    payload: { $ref: `${SCHEMAS}${name}` },
  };
}

/** Each event in its envelope, and what has a name of its own, such as money. */
function schemasOf(events: readonly EventType[]): Record<string, object> {
  const named: Record<string, object> = { Envelope: schemaOf(Envelope) };
  for (const { name, schema } of events) {
    const { definitions, ...data } = schemaOf(schema);
    Object.assign(named, definitions);
    const properties = { type: { const: name }, data };
    named[name] = { allOf: [{ $ref: `${SCHEMAS}Envelope` }, { type: 'object', properties }] };
  }
  return named;
}

/** In draft 7 of JSON schema, as AsyncAPI has it, with references to the schemas of the document. */
function schemaOf(schema: z.ZodType): { readonly definitions?: object } {
  const described = z.toJSONSchema(schema, { target: 'draft-7' });
  delete described.$schema;
  const text = JSON.stringify(described).replaceAll('"#/definitions/', `"${SCHEMAS}`);
  return JSON.parse(text) as { definitions?: object };
}
