import type { Type } from '@nestjs/common';
import type { MigrationInterface } from 'typeorm';
import { MIGRATIONS_TABLE } from '@fissile/kit/database';
import { counted, type ExaminedDatabase, type Finding } from './finding.js';

/** Beyond this, times that processes write and times that the database writes cannot be compared. */
const CLOCK_TOLERANCE_MS = 5_000;

const READ_ONLY = `
  SELECT pg_is_in_recovery() AS "isReplica", current_setting('transaction_read_only') = 'on' AS "isReadOnly"`;

/** Tables of the kit that this role may not write. */
const FORBIDDEN = `
  SELECT table_name AS name, current_user AS role
  FROM unnest(ARRAY['outbox', 'inbox', 'dead_letters', 'sagas']) AS known (table_name)
  WHERE to_regclass(table_name) IS NOT NULL AND NOT (
    has_table_privilege(table_name, 'SELECT') AND has_table_privilege(table_name, 'INSERT')
    AND has_table_privilege(table_name, 'UPDATE') AND has_table_privilege(table_name, 'DELETE'))`;

/** An index that is being built is invalid until it is done. */
const INVALID_INDEXES = `
  SELECT format('%I.%I', pg_namespace.nspname, pg_class.relname) AS name
  FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace
  WHERE NOT indisvalid AND relkind = 'i' AND nspname NOT LIKE 'pg\\_%'
    AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index AS build WHERE build.index_relid = indexrelid)
  ORDER BY 1`;

/** Whether the context could work with this database: writable, by this role. */
export async function findReadOnly({ context, database }: ExaminedDatabase): Promise<Finding[]> {
  const check = 'connection';
  const [state] = await database.query<{ isReplica: boolean; isReadOnly: boolean }>(READ_ONLY);
  if (state?.isReplica) {
    const advice = 'promote it (pg_promote), or set the address of the primary';
    return [{ context, check, message: 'the database is a replica, and can only be read', advice }];
  }
  if (state?.isReadOnly) {
    const advice = 'reset default_transaction_read_only of the server, the database and the role';
    return [{ context, check, message: 'the database can only be read', advice }];
  }
  const forbidden = await database.query<{ name: string; role: string }>(FORBIDDEN);
  const [first] = forbidden;
  if (!first) return [];
  const names = forbidden.map(({ name }) => name).join(', ');
  const advice = `make ${first.role} the owner of the database and its tables (REASSIGN OWNED)`;
  return [{ context, check, message: `the role ${first.role} may not write ${names}`, advice }];
}

/** Compares the migrations that the code knows with those that were applied. */
export async function findMigrations(
  { context, database }: ExaminedDatabase,
  known: readonly Type<MigrationInterface>[],
): Promise<{ missing: Finding[]; newer: Finding[] }> {
  const [table] = await database.query<{ exists: boolean }>('SELECT to_regclass($1) IS NOT NULL AS exists', [
    MIGRATIONS_TABLE,
  ]);
  const rows = table?.exists
    ? await database.query<{ name: string }>(`SELECT name FROM ${MIGRATIONS_TABLE}`)
    : [];
  const applied = rows.map(({ name }) => name);
  const names = known.map(({ name }) => name);
  const findingOf = (found: readonly string[], what: string, advice: string): Finding[] =>
    found.length === 0
      ? []
      : [
          {
            context,
            check: 'migrations',
            message: `${counted(found.length, 'migration')} ${what}: ${found.join(', ')}`,
            advice,
          },
        ];
  return {
    missing: findingOf(
      names.filter((name) => !applied.includes(name)),
      'missing',
      'run the command migrate; nothing else was checked here',
    ),
    newer: findingOf(
      applied.filter((name) => !names.includes(name)),
      'of a newer version than this program',
      'run the version that has migrated it, or restore a backup from before',
    ),
  };
}

/** Compares the clock of the database with that of this machine. */
export async function findClockDifference({ context, database }: ExaminedDatabase): Promise<Finding[]> {
  const askedAt = Date.now();
  const [row] = await database.query<{ ms: number }>(
    'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms',
  );
  const answeredAt = Date.now();
  const ms = row?.ms ?? answeredAt;
  const differenceMs = ms < askedAt ? askedAt - ms : Math.max(0, ms - answeredAt);
  if (differenceMs <= CLOCK_TOLERANCE_MS) return [];
  const side = ms < askedAt ? 'behind' : 'ahead of';
  const message = `the clock of the database is ${Math.round(differenceMs / 1000)} s ${side} that of this machine`;
  return [{ context, check: 'clock', message, advice: 'synchronise both (chronyc makestep)' }];
}

export async function findInvalidIndexes({ context, database }: ExaminedDatabase): Promise<Finding[]> {
  const rows = await database.query<{ name: string }>(INVALID_INDEXES);
  return rows.map(({ name }) => ({
    context,
    check: 'indexes',
    message: `the index ${name} is invalid: queries do not use it, and a unique one may not hold`,
    advice: `REINDEX INDEX CONCURRENTLY ${name}; or drop it, if its name ends in _ccnew or _ccold`,
  }));
}
