import type { DataSource, QueryRunner } from 'typeorm';

/** The table in which the kit records its migrations; TypeORM's default name belongs to the application. */
export const MIGRATIONS_TABLE = 'fissile_migrations';

/** The table of earlier versions: TypeORM's default. */
const FORMER_TABLE = 'migrations';

/**
 * Takes over what earlier versions recorded in TypeORM's default table. That table stays, and rows of migrations that
 * are not of this data source are left alone: in an application's database they are its own.
 */
export async function takeOverFormerTable(runner: QueryRunner, dataSource: DataSource): Promise<void> {
  const names = namesOf(dataSource);
  if (names.length === 0 || !(await exists(runner, FORMER_TABLE))) return;
  const former = `FROM ${FORMER_TABLE} former WHERE former.name = ANY($1)`;
  const rows = (await runner.query(`SELECT 1 ${former} LIMIT 1`, [names])) as unknown[];
  if (rows.length === 0) return;
  await runner.query(
    `CREATE TABLE IF NOT EXISTS ${MIGRATIONS_TABLE} (id serial PRIMARY KEY, "timestamp" bigint NOT NULL, name varchar NOT NULL)`,
  );
  await runner.query(
    `INSERT INTO ${MIGRATIONS_TABLE} ("timestamp", name) SELECT former."timestamp", former.name ${former}
       AND NOT EXISTS (SELECT 1 FROM ${MIGRATIONS_TABLE} known WHERE known.name = former.name) ORDER BY former.id`,
    [names],
  );
}

/**
 * Records in the former table, too, what was migrated: a process of an earlier version that starts beside this one
 * would otherwise migrate it again. Only where that table has nothing but our rows.
 */
export async function informFormerTable(runner: QueryRunner, dataSource: DataSource): Promise<void> {
  if (!(await exists(runner, FORMER_TABLE))) return;
  const rows = (await runner.query(`SELECT name FROM ${FORMER_TABLE}`)) as { name: string }[];
  const names = new Set(namesOf(dataSource));
  if (rows.length === 0 || rows.some(({ name }) => !names.has(name))) return;
  await runner.query(
    `INSERT INTO ${FORMER_TABLE} ("timestamp", name) SELECT "timestamp", name FROM ${MIGRATIONS_TABLE} known
     WHERE NOT EXISTS (SELECT 1 FROM ${FORMER_TABLE} former WHERE former.name = known.name) ORDER BY id`,
  );
}

/** The migrations in the kit's table that this version does not have, oldest first. */
export async function unknownMigrations(runner: QueryRunner, dataSource: DataSource): Promise<string[]> {
  if (!(await exists(runner, MIGRATIONS_TABLE))) return [];
  const sql = `SELECT name FROM ${MIGRATIONS_TABLE} WHERE NOT name = ANY($1) ORDER BY id`;
  const rows = (await runner.query(sql, [namesOf(dataSource)])) as { name: string }[];
  return rows.map(({ name }) => name);
}

function namesOf({ migrations }: DataSource): string[] {
  return migrations.map((migration) => migration.name ?? migration.constructor.name);
}

async function exists(runner: QueryRunner, table: string): Promise<boolean> {
  const [row] = (await runner.query('SELECT to_regclass($1) IS NOT NULL AS present', [table])) as {
    present: boolean;
  }[];
  return row?.present === true;
}
