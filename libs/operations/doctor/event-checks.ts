import { type EventType, eventNameOf, type Product } from '@fissile/kit/contract';
import { counted, type ExaminedDatabase, type Finding, type Retention } from './finding.js';

const PAGE = 5_000;
const DAY_MS = 86_400_000;

/**
 * Events that were published. Not those of the last minute, which may be under way, and none that an inbox may have
 * forgotten already.
 */
const PUBLISHED = `
  SELECT position, event_id AS id, type, created_at AS "createdAt" FROM outbox
  WHERE position > $1 AND published_at < now() - interval '1 minute'
    AND created_at > now() - $2 * interval '1 day' AND type = ANY($3)
  ORDER BY position LIMIT ${PAGE}`;

/** Those that a consumer should have, and of which the context has no trace. A minute is left for clocks that differ. */
const UNHANDLED = `
  SELECT DISTINCT item.id FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS item (id, name, created_at)
  JOIN inbox_subscriptions AS known
    ON known.event_name = item.name AND known.since < item.created_at - interval '1 minute'
  WHERE NOT EXISTS (SELECT FROM inbox WHERE event_id = item.id AND inbox.consumer = known.consumer)
    AND NOT EXISTS (SELECT FROM dead_letters AS dead WHERE event_id = item.id AND dead.consumer = known.consumer)
    AND NOT EXISTS (SELECT FROM waiting_events AS waiting WHERE event_id = item.id AND waiting.consumer = known.consumer)`;

/** Ids that are UUIDv7 are in order of time. */
const HANDLED = `
  SELECT event_id AS id, min(handled_at) AS "handledAt" FROM inbox
  WHERE event_id > $1 AND substr(event_id::text, 15, 1) = '7'
  GROUP BY event_id ORDER BY event_id LIMIT ${PAGE}`;

interface Published {
  readonly position: number;
  readonly id: string;
  readonly type: string;
  readonly createdAt: Date;
}

interface Handled {
  readonly id: string;
  readonly handledAt: Date;
}

/** Compares the outboxes of those who publish with the inboxes of those who handle. */
export async function compareEvents(
  product: Product,
  databases: readonly ExaminedDatabase[],
  retention: Retention,
): Promise<Finding[]> {
  const withEvents = databases.filter(({ hasEvents }) => hasEvents);
  const publishing = product.contexts.filter(({ publishes }) => publishes.length > 0);
  const publishers = withEvents.filter(({ context }) => publishing.some(({ name }) => name === context));
  const findings: Finding[] = [];
  for (const subscriber of withEvents) {
    const wanted = product.subscriptionsOf(subscriber.context);
    if (wanted.length === 0) continue;
    for (const publisher of publishers) {
      const types = ofNames(product.get(publisher.context).publishes, wanted);
      if (types.length > 0) findings.push(...(await findMissed(publisher, subscriber, types, retention)));
    }
    // An event of a context that cannot be asked is not lost.
    if (publishers.length === publishing.length)
      findings.push(...(await findLost(publishers, subscriber, retention)));
  }
  return findings;
}

function ofNames(types: readonly EventType[], wanted: readonly string[]): string[] {
  return types.map(({ name }) => name).filter((name) => wanted.includes(eventNameOf(name)));
}

/** Events that the publisher has sent, and of which the subscriber, restored to an earlier time, knows nothing. */
async function findMissed(
  publisher: ExaminedDatabase,
  { context, database }: ExaminedDatabase,
  types: readonly string[],
  { inboxDays }: Retention,
): Promise<Finding[]> {
  const missed: Published[] = [];
  for (let after = 0; ;) {
    const page = await publisher.database.query<Published>(PUBLISHED, [after, inboxDays - 1, types]);
    const unhandled = await database.query<{ id: string }>(UNHANDLED, [
      page.map(({ id }) => id),
      page.map(({ type }) => eventNameOf(type)),
      page.map(({ createdAt }) => createdAt),
    ]);
    const ids = new Set(unhandled.map(({ id }) => id));
    missed.push(...page.filter(({ id }) => ids.has(id)));
    after = page.at(-1)?.position ?? after;
    if (page.length < PAGE) break;
  }
  const [first] = missed;
  if (!first) return [];
  const from = publisher.context;
  return [
    {
      context,
      check: 'missed events',
      message:
        `${counted(missed.length, 'event')} of ${from} not handled here, the first ${first.type} ${first.id} ` +
        `of ${first.createdAt.toISOString()}`,
      advice: `a repair has ${from} send them again; who has handled them already drops them`,
      repair: () => sendAgain(publisher, missed),
    },
  ];
}

/** The relay of the publisher does the rest, in order per key. */
async function sendAgain(
  { context, database }: ExaminedDatabase,
  events: readonly Published[],
): Promise<string> {
  const rows = await database.query(
    'UPDATE outbox SET published_at = NULL WHERE position = ANY($1) RETURNING 1',
    [events.map(({ position }) => position)],
  );
  return `${counted(rows.length, 'event')} to be sent again by ${context}`;
}

/**
 * Events that were handled here, and that no context has: one was restored to an earlier time. All are asked, since a
 * subscription may have ended lately.
 */
async function findLost(
  publishers: readonly ExaminedDatabase[],
  { context, database }: ExaminedDatabase,
  { outboxDays }: Retention,
): Promise<Finding[]> {
  const lost: Handled[] = [];
  for (let after = firstIdSince(Date.now() - (outboxDays - 1) * DAY_MS); ;) {
    const page = await database.query<Handled>(HANDLED, [after]);
    const ids = page.map(({ id }) => id);
    const kept = await Promise.all(publishers.map((publisher) => keptOf(publisher, ids)));
    lost.push(...page.filter(({ id }) => !kept.some((found) => found.has(id))));
    after = page.at(-1)?.id ?? after;
    if (page.length < PAGE) break;
  }
  const [first] = lost;
  if (!first) return [];
  return [
    {
      context,
      check: 'lost events',
      message:
        `${counted(lost.length, 'event')} handled here that no outbox has any more, ` +
        `the first ${first.id} at ${first.handledAt.toISOString()}`,
      advice:
        'who published it was restored to an earlier time, and the effects here stay: compare the data of the contexts',
    },
  ];
}

async function keptOf({ database }: ExaminedDatabase, ids: readonly string[]): Promise<Set<string>> {
  const rows = await database.query<{ id: string }>(
    'SELECT event_id AS id FROM outbox WHERE event_id = ANY($1)',
    [ids],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Smaller than every UUIDv7 that is made from then on. */
function firstIdSince(ms: number): string {
  const hex = Math.floor(ms).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
