import { counted, type ExaminedDatabase, type Finding } from './finding.js';

const UNFINISHED = `status IN ('running', 'compensating')`;

/** Due, and in no process: whoever has the definition would have claimed it within a second. */
const UNCLAIMED = `
  SELECT name, version, count(*)::integer AS sagas, min(due_at) AS since FROM sagas
  WHERE ${UNFINISHED} AND lease_until < now() - interval '1 minute' AND due_at < now() - interval '1 minute'
  GROUP BY name, version ORDER BY name, version`;

const FAILING = `${UNFINISHED} AND attempts > 0 AND created_at < now() - interval '10 minutes'`;

/** SAGA_LEASE_MS is a minute at most. */
const STUCK = `${UNFINISHED} AND lease_until > now() + interval '2 minutes'`;

/** What lets the next process that polls claim a saga; its present owner, if any, cannot write any more. */
const RELEASE = `due_at = now(), lease_until = now() - interval '1 second', fence = fence + 1`;

export async function findUnclaimedSagas({ context, database }: ExaminedDatabase): Promise<Finding[]> {
  const rows = await database.query<{ name: string; version: number; sagas: number; since: Date }>(UNCLAIMED);
  return rows.map(({ name, version, sagas, since }) => ({
    context,
    check: 'sagas',
    message: `${counted(sagas, 'saga')} of ${name}, version ${version}, claimed by no process, due since ${since.toISOString()}`,
    advice: `start a process of ${context} that has this version`,
  }));
}

export async function findFailingSagas({ context, database }: ExaminedDatabase): Promise<Finding[]> {
  const rows = await database.query<{ name: string; sagas: number; since: Date }>(
    `SELECT name, count(*)::integer AS sagas, min(created_at) AS since FROM sagas
     WHERE ${FAILING} GROUP BY name ORDER BY name`,
  );
  return rows.map(({ name, sagas, since }) => ({
    context,
    check: 'sagas',
    message: `${counted(sagas, 'saga')} of ${name} failing for ten minutes or more, the oldest since ${since.toISOString()}`,
    advice:
      'restore what the failing step calls; a repair has them retried at once instead of after their pause',
    repair: async () => {
      const retried = await database.query(
        `UPDATE sagas SET ${RELEASE} WHERE ${FAILING} AND name = $1 RETURNING 1`,
        [name],
      );
      return `${counted(retried.length, 'saga')} due now`;
    },
  }));
}

export async function findStuckSagaLeases({ context, database }: ExaminedDatabase): Promise<Finding[]> {
  const [row] = await database.query<{ leases: number; until: Date }>(
    `SELECT count(*)::integer AS leases, max(lease_until) AS until FROM sagas WHERE ${STUCK}`,
  );
  if (!row || row.leases === 0) return [];
  return [
    {
      context,
      check: 'leases',
      message: `${counted(row.leases, 'lease')} of sagas held by nobody until ${row.until.toISOString()}`,
      advice: 'a repair releases them',
      repair: async () => {
        const freed = await database.query(`UPDATE sagas SET ${RELEASE} WHERE ${STUCK} RETURNING 1`);
        return `${counted(freed.length, 'saga')} released`;
      },
    },
  ];
}
