import type { EventEnvelope } from '@fissile/kit/contract';
import type { Database, Transaction } from '@fissile/kit/database';

/** Whether an event of the same key is a dead letter of that consumer, or waits behind one. */
const IS_BLOCKED = `
  EXISTS (SELECT FROM dead_letters AS dead WHERE dead.consumer = item.consumer
    AND dead.envelope ->> 'source' = item.source AND dead.envelope ->> 'subject' = item.key)
  OR EXISTS (SELECT FROM waiting_events AS waiting WHERE waiting.consumer = item.consumer
    AND waiting.source = item.source AND waiting.key = item.key)`;

/** Marks the events as processed that were not processed before, save those that have to wait. */
const MARK_PROCESSED = `
  WITH item AS (
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::boolean[])
      AS item (event_id, consumer, source, key, ordered)),
  blocked AS (SELECT event_id FROM item WHERE ordered AND (${IS_BLOCKED})),
  marked AS (
    INSERT INTO inbox (event_id, consumer)
    SELECT event_id, consumer FROM item WHERE event_id NOT IN (SELECT event_id FROM blocked)
    ON CONFLICT DO NOTHING RETURNING event_id)
  SELECT event_id AS "eventId", false AS blocked FROM marked UNION ALL SELECT event_id, true FROM blocked`;

/** A dead letter that is delivered again, and an event that was processed, do not wait. */
const KEEP = `
  INSERT INTO waiting_events (event_id, consumer, source, key, envelope)
  SELECT event_id, consumer, source, key, $5::jsonb
  FROM (SELECT $1::uuid AS event_id, $2::text AS consumer, $3::text AS source, $4::text AS key) AS item
  WHERE NOT EXISTS (SELECT FROM inbox WHERE inbox.event_id = item.event_id AND inbox.consumer = item.consumer)
    AND NOT EXISTS (
      SELECT FROM dead_letters AS dead WHERE dead.event_id = item.event_id AND dead.consumer = item.consumer)
  ON CONFLICT DO NOTHING`;

/** The first event of each key that has no dead letter any more. */
const FREED = `
  SELECT DISTINCT ON (item.consumer, item.source, item.key) item.position, item.consumer, item.envelope
  FROM waiting_events AS item
  WHERE item.consumer = ANY($1) AND NOT EXISTS (
    SELECT FROM dead_letters AS dead WHERE dead.consumer = item.consumer
      AND dead.envelope ->> 'source' = item.source AND dead.envelope ->> 'subject' = item.key)
  ORDER BY item.consumer, item.source, item.key, item.position LIMIT 100`;

export interface WaitingEvent {
  readonly position: string;
  readonly consumer: string;
  readonly envelope: EventEnvelope;
}

/** An event that is to be marked as processed. */
export interface Delivery {
  readonly event: EventEnvelope;
  readonly consumer: string;
  /** Whether it waits behind a dead letter of its key. */
  readonly ordered: boolean;
}

/** Another process has taken the event meanwhile. */
export class TakenByAnother extends Error {}

/** The ids of the events that are new, and of those that have to wait. */
export interface Marked {
  readonly fresh: Set<string>;
  readonly blocked: ReadonlySet<string>;
}

/** Marks events as processed, and keeps those that have to wait. */
export async function markProcessed(
  transaction: Transaction,
  deliveries: readonly Delivery[],
): Promise<Marked> {
  const rows = await transaction.query<{ eventId: string; blocked: boolean }>(MARK_PROCESSED, [
    deliveries.map(({ event }) => event.id),
    deliveries.map(({ consumer }) => consumer),
    deliveries.map(({ event }) => event.source),
    deliveries.map(({ event }) => event.subject),
    deliveries.map(({ ordered }) => ordered),
  ]);
  const ids = (blocked: boolean) =>
    new Set(rows.filter((row) => row.blocked === blocked).map(({ eventId }) => eventId));
  const blocked = ids(true);
  for (const { event, consumer } of deliveries)
    if (blocked.has(event.id)) await keepWaiting(transaction, event, consumer);
  return { fresh: ids(false), blocked };
}

/** Keeps the event when it has to wait. @returns whether it has to */
export async function waitsBehindDeadLetter(
  database: Database,
  event: EventEnvelope,
  consumer: string,
): Promise<boolean> {
  const rows = await database.query(
    `SELECT 1 FROM (SELECT $1::text AS consumer, $2::text AS source, $3::text AS key) AS item WHERE ${IS_BLOCKED}`,
    [consumer, event.source, event.subject],
  );
  if (rows.length === 0) return false;
  await keepWaiting(database, event, consumer);
  return true;
}

async function keepWaiting(
  within: Database | Transaction,
  event: EventEnvelope,
  consumer: string,
): Promise<void> {
  await within.query(KEEP, [event.id, consumer, event.source, event.subject, event]);
}

export function freedEvents(database: Database, consumers: readonly string[]): Promise<WaitingEvent[]> {
  return database.query<WaitingEvent>(FREED, [consumers]);
}

/** Ends the event's wait with the commit. @throws TakenByAnother */
export async function stopWaiting(transaction: Transaction, { position }: WaitingEvent): Promise<void> {
  const rows = await transaction.query('DELETE FROM waiting_events WHERE position = $1 RETURNING 1', [
    position,
  ]);
  if (rows.length === 0) throw new TakenByAnother(`waiting event ${position} is handled by another process`);
}
