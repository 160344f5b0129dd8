import { counted, type ExaminedDatabase, type Finding } from './finding.js';

const UNSENT = `
  SELECT count(*)::integer AS events, min(created_at) AS since FROM outbox
  WHERE published_at IS NULL AND created_at < now() - interval '1 minute'`;

/** A relay holds a lease for 5 seconds: one that lasts this long is of a clock that was ahead. */
const STUCK = `lease_until > now() + interval '1 minute'`;

/** The identity columns of the kit's tables. A copy of rows alone leaves their sequences behind. */
const SEQUENCES = `
  SELECT sequence, pg_sequence_last_value(sequence::regclass) AS last, highest FROM (
    SELECT pg_get_serial_sequence('outbox', 'position') AS sequence, (SELECT max(position) FROM outbox) AS highest
    UNION ALL
    SELECT pg_get_serial_sequence('waiting_events', 'position'), (SELECT max(position) FROM waiting_events)
  ) AS known
  WHERE highest > coalesce(pg_sequence_last_value(sequence::regclass), 0)`;

const DEAD_LETTERS = `
  SELECT consumer, count(*)::integer AS letters, min(created_at) AS since,
    (SELECT count(*)::integer FROM waiting_events AS waiting WHERE waiting.consumer = dead_letters.consumer) AS waiting
  FROM dead_letters GROUP BY consumer ORDER BY consumer`;

export async function findUnsentEvents({ context, database }: ExaminedDatabase): Promise<Finding[]> {
  const [row] = await database.query<{ events: number; since: Date }>(UNSENT);
  if (!row || row.events === 0) return [];
  const since = row.since.toISOString();
  const message = `${counted(row.events, 'event')} unsent, the oldest since ${since}`;
  const advice = `they are sent when ${context}, the broker and those who handle them run`;
  return [{ context, check: 'outbox', message, advice }];
}

export async function findStuckOutboxLeases({ context, database }: ExaminedDatabase): Promise<Finding[]> {
  const [row] = await database.query<{ leases: number; until: Date }>(
    `SELECT count(*)::integer AS leases, max(lease_until) AS until FROM outbox_leases WHERE ${STUCK}`,
  );
  if (!row || row.leases === 0) return [];
  return [
    {
      context,
      check: 'leases',
      message: `${counted(row.leases, 'lease')} of the outbox held by nobody until ${row.until.toISOString()}`,
      advice: 'a repair releases them',
      repair: async () => {
        const freed = await database.query(
          `UPDATE outbox_leases SET lease_until = '-infinity' WHERE ${STUCK} RETURNING 1`,
        );
        return `${counted(freed.length, 'lease')} released`;
      },
    },
  ];
}

export async function findSequencesBehind({ context, database }: ExaminedDatabase): Promise<Finding[]> {
  const rows = await database.query<{ sequence: string; last: number | null; highest: number }>(SEQUENCES);
  return rows.map(({ sequence, last, highest }) => ({
    context,
    check: 'sequences',
    message: `${sequence} is at ${last ?? 0}, and its column has ${highest}: new rows are refused`,
    advice: 'a repair sets it to the highest value',
    repair: async () => {
      await database.query('SELECT setval($1::regclass, $2)', [sequence, highest]);
      return `${sequence} set to ${highest}`;
    },
  }));
}

export async function findDeadLetters({ context, database }: ExaminedDatabase): Promise<Finding[]> {
  const rows = await database.query<{ consumer: string; letters: number; since: Date; waiting: number }>(
    DEAD_LETTERS,
  );
  return rows.map(({ consumer, letters, since, waiting }) => ({
    context,
    check: 'dead letters',
    message:
      `${counted(letters, 'dead letter')} of ${consumer}, the oldest since ${since.toISOString()}, ` +
      `and ${counted(waiting, 'event')} waiting behind them`,
    advice: 'correct the cause, then replay or discard them',
  }));
}
