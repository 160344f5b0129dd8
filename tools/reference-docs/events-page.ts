import { z } from 'zod';
import { describeEvents, type EventType, handledEvents } from '@fissile/kit/contract';
import { shop } from '#contracts';
import { renderTable } from './render-table.js';

export const EVENTS_PAGE = 'docs/events.md';
export const EVENTS_DOCUMENT = 'docs/asyncapi.json';

const HEAD = `# Events

This page is made from the schemas of the events and from the contexts in \`contracts/\` by \`npm run reference:docs\`; a test fails
while it says something else. The same is in [AsyncAPI 3](asyncapi.json), which a running shop serves at \`/docs-events-json\`.

An event is a fact, published after it has become true. Its envelope is that of [CloudEvents 1.0](https://cloudevents.io): \`id\`, \`source\`
(the context), \`type\`, \`subject\` (the key), \`time\`, \`data\`, and \`traceparent\` and \`baggage\` of the request that caused it. Events with the same key are
handled in order, and each is handled once in effect: [guarantees](guarantees.md). The version is part of the name; a
version may gain fields, which its consumers ignore until they know them: [changing an event](guides/upgrade.md#events). \`MoneyData\` is \`amountMinor\`, an integer in minor units, and \`currency\`.`;

/** The part of JSON schema that events use. */
interface Shape {
  readonly type?: string;
  /** A named schema, such as Money. */
  readonly $ref?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
}

/** Every event that a context publishes, by name. */
export function allEvents(): readonly EventType[] {
  return shop.contexts
    .flatMap(({ publishes }): readonly EventType[] => publishes)
    .sort((one, other) => one.name.localeCompare(other.name));
}

export function makeEventsPage(): string {
  const rows = allEvents().map((event) => [
    `\`${event.name}\``,
    event.schema.description ?? '',
    `\`${keyOf(event)}\``,
    Object.entries(shapeOf(event).properties ?? {})
      .map(([name, shape]) => `\`${name}\`: ${written(shape)}`)
      .join(', '),
    consumersOf(event).join(', '),
  ]);
  return `${HEAD}\n\n${renderTable(['event', 'what has happened', 'key', 'data', 'handled by'], rows)}\n`;
}

/** The AsyncAPI document of all events. */
export function makeEventsDocument(): string {
  return `${JSON.stringify(describeEvents(shop), null, 2)}\n`;
}

/** The contexts that handle an event. */
function consumersOf(event: EventType): string[] {
  return shop.contexts
    .filter((context) => handledEvents(context).some(({ name }) => name === event.name))
    .map(({ name }) => name);
}

function shapeOf(event: EventType): Shape {
  return z.toJSONSchema(event.schema) as Shape;
}

/**
 * The field that an event takes its key from: the key function is called with data whose every field holds its own
 * name.
 */
function keyOf(event: EventType): string {
  return event.key(new Proxy({}, { get: (_data, field) => field }));
}

function written(shape: Shape): string {
  if (shape.properties) {
    const fields = Object.entries(shape.properties).map(([name, field]) => `${name}: ${written(field)}`);
    return `{ ${fields.join(', ')} }`;
  }
  if (shape.items) return `list of ${written(shape.items)}`;
  if (shape.enum) return shape.enum.join(' or ');
  return shape.$ref?.split('/').at(-1) ?? shape.format ?? shape.type ?? 'anything';
}
