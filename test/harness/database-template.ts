import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { dropDatabases, Program } from '@fissile/kit/testing';
import { appProgram } from './app-program.js';

/** The setting that passes to the tests of a run which databases they may copy. */
const VARIABLE = 'TEST_DATABASE_TEMPLATE';

export interface DatabaseTemplate {
  readonly env: Readonly<Record<string, string>>;
  drop(): Promise<void>;
}

/**
 * Migrates a database of each context, as templates for the shops of one run. Each run creates its own templates, so
 * that they match the code, and concurrent runs do not share them.
 */
export async function provideDatabaseTemplate(serverUrl: string): Promise<DatabaseTemplate> {
  const prefix = `m${randomBytes(5).toString('hex')}`;
  const dataDir = mkdtempSync(join(tmpdir(), 'fissile-template-'));
  const drop = () => dropDatabases(serverUrl, prefix);
  try {
    const program = new Program(`${appProgram('monolith')} migrate`, {
      DATABASE_URL: serverUrl,
      DATABASE_NAME_PREFIX: prefix,
      DATA_DIR: dataDir,
    });
    if ((await program.ends()) !== 0) throw new Error(`the databases cannot be migrated:\n${program.output}`);
  } catch (error) {
    await drop();
    throw error;
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
  return { env: { [VARIABLE]: prefix }, drop };
}

/** Copies each migrated database of this run under the given prefix, where the run has some. */
export async function copyDatabaseTemplate(serverUrl: string, prefix: string): Promise<void> {
  const template = process.env[VARIABLE];
  if (template === undefined) return;
  const url = new URL(serverUrl);
  url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    const { rows } = await client.query<{ datname: string }>(
      'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
      [`${template}_`],
    );
    for (const { datname } of rows) {
      const copy = `${prefix}${datname.slice(template.length)}`;
      const [to, from] = [copy, datname].map((name) => client.escapeIdentifier(name));
      await client.query(`CREATE DATABASE ${to} TEMPLATE ${from} STRATEGY FILE_COPY`);
    }
  } finally {
    await client.end();
  }
}
