import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { parse } from 'yaml';
import { dropDatabases, queryServer, startTestServer, type TestServer, until } from '@fissile/kit/testing';
import { SHOP_WORDS } from '../architecture/kit-words.js';
import { makeClinic, writeClinic, WRITTEN } from './clinic.js';
import { ProductMaker } from './created-product.js';
import { type Appointment, MailBox, RunningClinic } from './running-clinic.js';

const MAX_OWN_FILES = 60;
const PATIENCE_MS = 90_000;
const PREFIX = `clinic${randomBytes(4).toString('hex')}`;
const GENERATED =
  /^(\.fissile|client|contracts\/generated|k8s|deploy|vendor)\/|^(Dockerfile|docker-compose\.yml|nest-cli\.json|package-lock\.json)$/;

describe('A clinic, made by the commands of a user', () => {
  const maker = new ProductMaker();
  const mailBox = new MailBox();
  const product = maker.pathOf('clinic');
  let server: TestServer;
  let SMTP_URL: string;

  const filesOf = (folder: string) =>
    globSync(['**/*', '**/.*', '{.fissile,.github}/**/*'], {
      cwd: folder,
      exclude: (path) => /(^|\/)(node_modules|dist|\.git|\.data)$/.test(path),
    }).filter((path) => statSync(join(folder, path)).isFile());

  before(async () => {
    server = await startTestServer();
    SMTP_URL = await mailBox.open();
    await makeClinic(maker);
  });

  after(async () => {
    await maker.remove();
    await mailBox.close();
    await dropDatabases(server.url, PREFIX);
    await server.stop();
  });

  it('began with few files beside what is generated, and all were committed', async () => {
    const committed = (await maker.run('clinic', 'git', ['ls-files'])).trim().split('\n');
    const own = committed.filter((path) => !GENERATED.test(path));
    // Even with a second context, which has 15 files, and the example of a saga, which has four.
    assert.ok(own.length + 15 + 4 < MAX_OWN_FILES, `${own.length} files:\n${own.join('\n')}`);
    const untracked = await maker.run('clinic', 'git', ['ls-files', '--others', '--exclude-standard']);
    assert.doesNotMatch(untracked, /users|gateway|^test\/harness/m);
  });

  it('names nothing of the shop', () => {
    const found = filesOf(product)
      .filter(
        (path) =>
          !/^(vendor|client|contracts\/generated|k8s|deploy)\//.test(path) && path !== 'package-lock.json',
      )
      .flatMap((path) =>
        [path, ...readFileSync(join(product, path), 'utf8').split('\n')].map((line) => ({ path, line })),
      )
      .filter(({ line }) => SHOP_WORDS.some(({ pattern }) => pattern.test(line)));
    assert.deepEqual(found, []);
  });

  it('has a workflow that tests every push, and generated files that are fresh', async () => {
    const text = readFileSync(join(product, '.github/workflows/ci.yml'), 'utf8');
    const { jobs } = parse(text) as { jobs: Record<string, { steps: { run?: string }[] }> };
    const commands = jobs['test']?.steps.flatMap(({ run }) => run ?? []);
    assert.deepEqual(commands?.slice(0, 2), ['npm ci --no-audit --no-fund', 'npm test']);
    await maker.run('clinic', 'npm', ['run', 'generate', '--', '--check']);
  });

  it(`passes its tests with ${WRITTEN} over it: types, lint, boundaries, unit, parity, one process, split`, async () => {
    await writeClinic(maker);
    const output = await maker.run('clinic', 'npm', ['test']);
    for (const run of ['unit', 'monolith', 'split']) assert.match(output, new RegExp(`^${run}$`, 'm'));
    assert.match(output, /^monolith and split answer \d+ requests alike\.$/m);
    assert.match(output, /no dependency violations found/);
    assert.doesNotMatch(output, /^ℹ (fail|skipped|todo) [^0]/m);
  });

  it('has nothing unused', async () => {
    const output = await maker.run('clinic', process.execPath, [resolve('node_modules/knip/bin/knip.js')]);
    assert.equal(output.trim(), '');
  });

  it('books in one process after npm start, with nothing else installed, and sends one mail', async () => {
    const clinic = await RunningClinic.start(maker, { TOPOLOGY: 'monolith', SMTP_URL });
    const { email, token } = await clinic.newPatient();
    const booking = (await (await clinic.book(await clinic.newDoctor(), token)).json()) as Appointment;
    assert.equal(booking.status, 'booked');
    await until('the mail is sent', () => clinic.haveCompleted('mail-patient'), PATIENCE_MS);
    assert.equal(mailBox.mailsFor(email), 1);
    const document = (await (await clinic.call('GET', '/docs-json')).json()) as { paths: object };
    for (const path of ['/api/users', '/api/appointments', '/api/billing'])
      assert.ok(path in document.paths, path);
    await maker.stop();
  });

  it('loses nothing, split, when the process of the appointments is killed amid a booking', async () => {
    const env = { DATABASE_URL: server.url, DATABASE_NAME_PREFIX: PREFIX, SAGA_LEASE_MS: '3000' };
    const clinic = await RunningClinic.start(maker, { TOPOLOGY: 'split', SMTP_URL, ...env });
    const { email, token } = await clinic.newPatient();
    const doctor = await clinic.newDoctor();
    const url = Object.assign(new URL(server.url), { pathname: `/${PREFIX}_billing` });
    const lock = new pg.Client({ connectionString: url.href });
    await lock.connect();
    try {
      await lock.query('BEGIN; LOCK TABLE billing IN SHARE MODE');
      const answer = clinic.book(doctor, token).catch(() => undefined);
      await until('the charge waits for the lock', () => isLocked(server.url), PATIENCE_MS);
      maker.kill('appointments');
      await answer;
    } finally {
      await lock.end();
    }
    const list = <Item>(path: string) => clinic.list<Item>(path, token);
    const isBooked = async () => (await list<Appointment>('/api/appointments'))?.[0]?.status === 'booked';
    await until('it is booked', isBooked, PATIENCE_MS);
    assert.deepEqual(
      (await list<Appointment>('/api/billing'))?.map(({ status }) => status),
      ['paid'],
    );
    await until('the mail is sent', () => clinic.haveCompleted('mail-patient'), PATIENCE_MS);
    assert.equal(mailBox.mailsFor(email), 1);
    const other = await clinic.newPatient();
    assert.deepEqual(await clinic.list('/api/appointments', other.token), []);
    await maker.stop();
  });

  it('is as well made with the accounts of an identity provider, and passes its tests split', async () => {
    await maker.create('oidc', '--auth', 'oidc', '--no-example', '--no-k8s');
    await maker.run('oidc', 'npx', ['tsc', '-b']);
    const output = await maker.run('oidc', process.execPath, ['dist/test/run.js', 'split']);
    assert.match(output, /✔ are accepted with the role that a route needs, and refused without/);
    assert.doesNotMatch(output, /^ℹ (fail|skipped|todo) [^0]/m);
  });

  it('is not made over another, and leaves nothing when a step fails', async () => {
    await assert.rejects(maker.create('clinic'), /Nothing was made:\n.*expected a new or an empty folder/);
    const broken = maker.pathOf('broken.tgz');
    writeFileSync(broken, 'this is no package');
    await assert.rejects(maker.create('other', '--kit', broken), /what was made is removed/);
    assert.ok(!existsSync(maker.pathOf('other')));
  });
});

async function isLocked(serverUrl: string): Promise<boolean> {
  const waiting = await queryServer(
    serverUrl,
    `SELECT 1 FROM pg_locks JOIN pg_database ON oid = database WHERE NOT granted AND datname = $1`,
    [`${PREFIX}_billing`],
  );
  return waiting.length > 0;
}
