import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CONTEXTS } from '#contracts';
import { dropDatabases, Program, queryServer, startTestServer, type TestServer } from '@fissile/kit/testing';
import { appProgram } from '../harness/app-program.js';

const MAIN = appProgram('monolith');

describe('Databases that are migrated before the shop starts', () => {
  const prefix = `m${randomBytes(5).toString('hex')}`;
  let server: TestServer;
  let folder: string;
  let env: Record<string, string>;

  before(async () => {
    server = await startTestServer();
    folder = mkdtempSync(join(tmpdir(), 'fissile-migrate-'));
    env = {
      DATABASE_URL: server.url,
      DATABASE_NAME_PREFIX: prefix,
      DATA_DIR: folder,
      PORT: '0',
      MIGRATE_AT_START: 'false',
    };
  });

  after(async () => {
    await dropDatabases(server.url, prefix);
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  const run = async (main: string, others: Record<string, string> = {}) => {
    const program = new Program(main, { ...env, ...others });
    return { code: await program.ends(), output: program.output };
  };

  /** The tables of every database that exists: a rejected start may have created none of them. */
  const tablesOfAll = async () => {
    const databases = await queryServer<{ datname: string }>(
      server.url,
      'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
      [`${prefix}_`],
    );
    const tables = databases.map(({ datname }) =>
      queryServer(server.url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'", [], datname),
    );
    return (await Promise.all(tables)).flat();
  };

  it('are not waited for: a start says what is missing, and changes nothing', async () => {
    const { code, output } = await run(MAIN);
    assert.equal(code, 1);
    assert.match(
      output,
      /The database of \w+ cannot be used: it lacks \d+ of its migrations, from Create\w+ on/,
    );
    assert.match(output, /Run the command migrate first, or set MIGRATE_AT_START=true/);
    assert.deepEqual(await tablesOfAll(), []);
  });

  it('are those of the hosted contexts alone, and need no secret between processes', async () => {
    const inProduction = { NODE_ENV: 'production', TOPOLOGY: 'split' };
    const { code, output } = await run(`${appProgram('products')} migrate`, inProduction);
    assert.equal(code, 0, output);
    assert.match(output, /^products: migrated by Create\w+/m);
    assert.doesNotMatch(output, /orders/);
  });

  it('are migrated once, by two commands at a time as by one', async () => {
    const ends = await Promise.all([run(`${MAIN} migrate`), run(`${MAIN} migrate`)]);
    const lines = ends.flatMap(({ code, output }) => {
      assert.equal(code, 0, output);
      return output.split('\n').filter((line) => line.includes('migrated by'));
    });
    const migrated = lines.map((line) => line.split(':')[0]).sort();
    assert.deepEqual(
      migrated,
      CONTEXTS.filter((context) => context !== 'products').sort(),
      'each but that of before, once',
    );
  });

  it('are what doctor checks, in each image those of the contexts that it hosts', async () => {
    const inProduction = { NODE_ENV: 'production', TOPOLOGY: 'split', DISCOVERY: 'dns' };
    const all = await run(`${MAIN} doctor`, inProduction);
    assert.equal(all.output, `nothing found in ${CONTEXTS.join(', ')}\n`);
    assert.equal(all.code, 0);
    const one = await run(`${appProgram('products')} doctor`, inProduction);
    assert.match(one.output, /^nothing found in products\nnot checked, and no events compared with: users, /);
    const another = await run(`${MAIN} doctor`, { ...inProduction, DATABASE_NAME_PREFIX: `${prefix}_none` });
    assert.match(another.output, /^users: connection: the database cannot be used: .* does not exist$/m);
    assert.equal(another.code, 1);
  });

  it('are all that a start needs', async () => {
    const program = new Program(MAIN, env);
    const url = await program.listens();
    assert.equal((await fetch(`${url}/health/ready`)).status, 200);
    assert.equal(await program.stop(), 0);
  });
});
