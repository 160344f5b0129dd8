import pg from 'pg';
import { eventNameOf, type Product } from '@fissile/kit/contract';
import { BIGINT_AS_NUMBER } from '../test-database.js';

/** What has databases of contexts of a product: all of a running one, or one in a test of a context. */
export interface DatabasesOfContexts {
  readonly product: Product;
  readonly contexts: readonly string[];
  databaseUrl(context: string): string;
}

export interface LeftoverOptions {
  /** Whether sagas that have not ended count; they do when absent. */
  readonly sagas?: boolean;
  /** Whether dead letters count; they do when absent. */
  readonly deadLetters?: boolean;
}

interface SentEvent {
  readonly id: string;
  readonly type: string;
  readonly isPublished: boolean;
}

/** What the database of a context says about work; tables that it does not have are empty. */
interface WorkOfContext {
  readonly context: string;
  readonly sent: readonly SentEvent[];
  /** The ids of events that were handled, or became dead letters. */
  readonly received: ReadonlySet<string>;
  readonly deadLetters: readonly string[];
  readonly sagas: readonly string[];
}

const TABLES = ['outbox', 'inbox', 'dead_letters', 'sagas'] as const;
const SENT = 'SELECT event_id AS id, type, published_at IS NOT NULL AS "isPublished" FROM outbox';
const RECEIVED = 'SELECT event_id AS line FROM inbox UNION SELECT event_id FROM dead_letters';
const DEAD = `SELECT consumer || ' of ' || type || ': ' || reason AS line FROM dead_letters`;
const UNFINISHED = `
  SELECT name || ' of ' || subject || ' is ' || status AS line
  FROM sagas WHERE status IN ('running', 'compensating')`;

/** What is not finished, a line each; empty when everything has ended. */
export async function findLeftovers(
  running: DatabasesOfContexts,
  { sagas = true, deadLetters = true }: LeftoverOptions = {},
): Promise<string[]> {
  const work = await Promise.all(
    running.contexts.map((context) => workOf(context, running.databaseUrl(context))),
  );
  return [
    ...work.flatMap(unpublished),
    ...work.flatMap((receiver) => unreceived(receiver, work, running.product)),
    ...(deadLetters
      ? work.flatMap((of) => of.deadLetters.map((line) => `${of.context}: dead letter of ${line}`))
      : []),
    ...(sagas ? work.flatMap((of) => of.sagas.map((line) => `${of.context}: saga ${line}`)) : []),
  ];
}

function unpublished({ context, sent }: WorkOfContext): string[] {
  return byType(sent.filter(({ isPublished }) => !isPublished)).map(
    ([type, count]) => `${context}: ${count} of ${type} in its outbox, not published`,
  );
}

/** Events that a broker has, and the inbox of a subscriber has not. */
function unreceived(
  { context, received }: WorkOfContext,
  all: readonly WorkOfContext[],
  product: Product,
): string[] {
  const subscribed = product.subscriptionsOf(context);
  const missing = all
    .flatMap(({ sent }) => sent)
    .filter(({ type, isPublished }) => isPublished && subscribed.includes(eventNameOf(type)))
    .filter(({ id }) => !received.has(id));
  return byType(missing).map(
    ([type, count]) => `${context}: ${count} of ${type} published, not in its inbox`,
  );
}

function byType(events: readonly SentEvent[]): [string, number][] {
  return Object.entries(Object.groupBy(events, ({ type }) => type)).map(([type, of]) => [
    type,
    of?.length ?? 0,
  ]);
}

async function workOf(context: string, url: string): Promise<WorkOfContext> {
  const client = new pg.Client({ connectionString: url, types: BIGINT_AS_NUMBER });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      'SELECT name FROM unnest($1::text[]) AS name WHERE to_regclass(name) IS NOT NULL',
      [TABLES],
    );
    const has = new Set(rows.map(({ name }) => name));
    const lines = async (table: (typeof TABLES)[number], sql: string): Promise<string[]> =>
      has.has(table) ? (await client.query<{ line: string }>(sql)).rows.map(({ line }) => line) : [];
    return {
      context,
      sent: has.has('outbox') ? (await client.query<SentEvent>(SENT)).rows : [],
      received: new Set(await lines('inbox', RECEIVED)),
      deadLetters: await lines('dead_letters', DEAD),
      sagas: await lines('sagas', UNFINISHED),
    };
  } finally {
    await client.end();
  }
}
