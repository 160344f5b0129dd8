import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import pg from 'pg';
import { startEmbeddedPostgres } from './embedded-postgres.js';
import { isAlive } from './shared-use.js';

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: `${url}/postgres` });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A separate process that uses the server, reports it, then waits to be killed. */
function startOtherUser(dataDir: string) {
  const code = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(new URL('./embedded-postgres.js', import.meta.url).href)});
    await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)} });
    console.log('ready');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ready = new Promise((resolve, reject) => {
    child.stdout.once('data', resolve);
    child.once('exit', () => reject(new Error('the other user could not start')));
  });
  const kill = () => new Promise((resolve) => child.once('exit', resolve) && child.kill('SIGKILL'));
  return { ready, kill };
}

describe('The embedded PostgreSQL', () => {
  let dataDir: string;
  const serverPid = () =>
    Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);

  before(() => {
    const parent = mkdtempSync(join(tmpdir(), 'fissile-postgres-'));
    // As root the server runs under another account, which needs permission to traverse the folder.
    chmodSync(parent, 0o755);
    dataDir = join(parent, 'data');
  });

  after(() => rmSync(join(dataDir, '..'), { recursive: true, force: true }));

  it('starts, keeps its data over a stop, and listens on this machine alone', async () => {
    const first = await startEmbeddedPostgres({ dataDir });
    assert.match(first.url, /^postgres:\/\/fissile:[^@]{20,}@127\.0\.0\.1:\d+$/);
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    assert.deepEqual(await query(first.url, 'SHOW listen_addresses'), [{ listen_addresses: '127.0.0.1' }]);
    await first.stop();
    const second = await startEmbeddedPostgres({ dataDir });
    assert.deepEqual(await query(second.url, 'SELECT * FROM kept'), [{ answer: 42 }]);
    await second.stop();
    assert.ok(!existsSync(join(dataDir, 'postgres', 'postmaster.pid')), 'it has stopped');
  });

  it('is shared: only the last user stops it', async () => {
    const other = startOtherUser(dataDir);
    await other.ready;
    const pid = serverPid();
    const postgres = await startEmbeddedPostgres({ dataDir });
    assert.equal(serverPid(), pid);
    await postgres.stop();
    assert.ok(isAlive(pid), 'another process still uses it');
    await other.kill();
    const last = await startEmbeddedPostgres({ dataDir });
    assert.equal(serverPid(), pid, 'what a killed process left is taken over');
    await last.stop();
    assert.ok(!isAlive(pid));
  });

  it('starts over the traces of a machine that lost its power', async () => {
    writeFileSync(
      join(dataDir, 'postgres', 'postmaster.pid'),
      `999999\n${dataDir}/postgres\n0\n1\n\n127.0.0.1\n0\nready\n`,
    );
    writeFileSync(join(dataDir, 'postgres.lock'), '999999 1');
    writeFileSync(join(dataDir, 'postgres-users', '999999'), '1');
    const server = await startEmbeddedPostgres({ dataDir });
    assert.deepEqual(await query(server.url, 'SELECT * FROM kept'), [{ answer: 42 }]);
    await server.stop();
  });

  it('does a first start again that was cut off', async () => {
    const folder = join(dataDir, '..', 'cut-off');
    await (await startEmbeddedPostgres({ dataDir: folder })).stop();
    rmSync(join(folder, 'postgres-password'));
    const server = await startEmbeddedPostgres({ dataDir: folder });
    assert.equal((await query(server.url, 'SELECT 1')).length, 1);
    await server.stop();
  });

  it('says what is wrong with the data folder', async () => {
    const file = join(dataDir, 'a-file');
    writeFileSync(file, '');
    const start = startEmbeddedPostgres({ dataDir: join(file, 'data') });
    await assert.rejects(start, { name: 'EmbeddedPostgresError', message: /cannot be written \(ENOTDIR\)/ });
    const versionFile = join(dataDir, 'postgres', 'PG_VERSION');
    writeFileSync(versionFile, '12\n');
    await assert.rejects(startEmbeddedPostgres({ dataDir }), { message: /holds the data of PostgreSQL 12/ });
  });
});

/** Only root can make a disk of a given size, and GitHub's runners are not root. */
const isRoot = process.getuid?.() === 0;

describe(
  'The embedded PostgreSQL on a full disk',
  { skip: !isRoot && 'a disk is mounted by root alone' },
  () => {
    const disk = join(mkdtempSync(join(tmpdir(), 'fissile-disk-')), 'disk');
    const dataDir = join(disk, 'data');

    before(() => {
      chmodSync(join(disk, '..'), 0o755);
      mkdirSync(disk);
    });

    function mount(size: string): void {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=755`, 'tmpfs', disk]);
    }

    afterEach(() => execFileSync('umount', [disk]));
    after(() => rmSync(join(disk, '..'), { recursive: true }));

    it('says in one line that there is no room for its data', async () => {
      mount('20m');
      await assert.rejects(startEmbeddedPostgres({ dataDir }), {
        name: 'EmbeddedPostgresError',
        message:
          /^The embedded PostgreSQL in \S+ cannot be started: could not [^\n]+: No space left on device$/,
      });
    });

    it('stops when nothing can be written any more, and has all that was committed when there is room', async () => {
      mount('70m');
      const first = await startEmbeddedPostgres({ dataDir });
      await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
      const pid = Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
      const ballast = join(disk, 'ballast');
      for (const bytes of [1_000_000, 1_000, 1]) fill(ballast, bytes);
      await first.stop();
      assert.ok(!isAlive(pid));
      rmSync(ballast);
      const second = await startEmbeddedPostgres({ dataDir });
      assert.deepEqual(await query(second.url, 'SELECT * FROM kept'), [{ answer: 42 }]);
      await second.stop();
    });

    function fill(file: string, bytes: number): void {
      for (;;) {
        try {
          appendFileSync(file, Buffer.alloc(bytes));
        } catch {
          return;
        }
      }
    }
  },
);
