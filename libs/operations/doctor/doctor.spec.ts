import { Logger } from '@nestjs/common';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { defineContext, defineProduct, eventType } from '@fissile/kit/contract';
import { migrate, openDataSource } from '@fissile/kit/database';
import { MESSAGING_MIGRATIONS } from '@fissile/kit/messaging';
import { SAGA_MIGRATIONS } from '@fissile/kit/saga';
import { dropDatabases, queryServer, startTestServer, type TestServer } from '@fissile/kit/testing';
import { AUDIT_MIGRATIONS } from '../audit/audit.migration.js';
import { examine } from './examine.js';

const Happened = eventType('alpha.happened.v1', z.object({ id: z.string() }), ({ id }) => id);
const product = defineProduct({
  name: 'Two',
  description: 'Two contexts, of which one handles the events of the other.',
  contexts: [
    defineContext({ name: 'alpha', publishes: [Happened] }),
    defineContext({ name: 'beta', subscribes: [Happened] }),
  ],
});
const MIGRATIONS = [...MESSAGING_MIGRATIONS, ...SAGA_MIGRATIONS, ...AUDIT_MIGRATIONS];
const RETENTION = { outboxDays: 7, inboxDays: 30 };

describe('The examination of databases', () => {
  const prefix = `u${randomBytes(5).toString('hex')}`;
  let server: TestServer;

  const urlOf = (context: string) =>
    Object.assign(new URL(server.url), { pathname: `/${prefix}_${context}` }).href;
  const sql = <Row extends object>(context: string, text: string, parameters: unknown[] = []) =>
    queryServer<Row>(server.url, text, parameters, `${prefix}_${context}`);

  before(async () => {
    Logger.overrideLogger(false);
    server = await startTestServer();
    for (const context of product.contextNames) {
      await queryServer(server.url, `CREATE DATABASE ${prefix}_${context}`);
      const url = urlOf(context);
      const source = await openDataSource({
        url,
        applicationName: 'test',
        poolSize: 2,
        entities: [],
        migrations: MIGRATIONS,
      });
      await migrate(source);
      await source.destroy();
    }
    await sql(
      'beta',
      `INSERT INTO inbox_subscriptions VALUES ('listener', 'alpha.happened', now() - interval '10 days')`,
    );
  });

  afterEach(async () => {
    for (const context of product.contextNames) {
      await sql(context, 'TRUNCATE outbox, inbox, dead_letters, waiting_events, sagas RESTART IDENTITY');
      await sql(context, `UPDATE outbox_leases SET lease_until = '-infinity'`);
    }
  });

  after(async () => {
    await dropDatabases(server.url, prefix);
    await server.stop();
  });

  /** What is found, as `context: check: message`. @param repairs whether it is repaired, and examined again */
  const found = async (
    options: { repairs?: boolean; urls?: Record<string, string>; migrations?: typeof MIGRATIONS } = {},
  ) => {
    const { repairs = false, urls = {}, migrations = MIGRATIONS } = options;
    const contexts = product.contextNames.map((context) => ({
      context,
      url: urls[context] ?? urlOf(context),
      migrations,
    }));
    const { findings, close } = await examine(product, contexts, RETENTION);
    try {
      if (repairs) for (const { repair } of findings) await repair?.();
      return findings.map(({ context, check, message }) => `${context}: ${check}: ${message}`);
    } finally {
      await close();
    }
  };
  const onlyOne = async (expected: RegExp) => {
    const lines = await found();
    assert.equal(lines.length, 1, lines.join('\n'));
    assert.match(lines[0] ?? '', expected);
  };
  const publish = async (id: string, { ago = '1 hour', sent = true } = {}) => {
    await sql(
      'alpha',
      `INSERT INTO outbox (event_id, type, key, envelope, created_at, published_at)
       VALUES ($1, 'alpha.happened.v1', 'k', '{}', now() - $2::interval, CASE WHEN $3 THEN now() - $2::interval END)`,
      [id, ago, sent],
    );
  };
  const handle = (id: string) =>
    sql('beta', `INSERT INTO inbox (event_id, consumer) VALUES ($1, 'listener')`, [id]);
  const startSaga = (state: { dueAgo?: string; leaseFor?: string; attempts?: number }) =>
    sql(
      'alpha',
      `INSERT INTO sagas (id, name, version, subject, status, position, data, timeline, attempts, lease_until, due_at,
         created_at)
       VALUES ($1, 'errand', 1, 's', 'running', 1, '{}', '[]', $2, now() + $3::interval, now() - $4::interval,
         now() - interval '1 hour')`,
      [uuidv7(), state.attempts ?? 0, state.leaseFor ?? '5 seconds', state.dueAgo ?? '0 seconds'],
    );

  it('finds nothing in databases that are well', async () => {
    const id = uuidv7();
    await publish(id);
    await handle(id);
    await publish(uuidv7(), { ago: '1 second', sent: false });
    await startSaga({});
    assert.deepEqual(await found(), []);
  });

  it('finds a database that is not there, and examines the others', async () => {
    await publish(uuidv7(), { sent: false });
    const lines = await found({ urls: { beta: urlOf('nowhere') } });
    assert.match(
      lines.join('\n'),
      /beta: connection: the database cannot be used: .*nowhere.* does not exist/,
    );
    assert.match(lines.join('\n'), /alpha: outbox: /);
  });

  it('finds a database that can only be read, and one whose role may not write', async () => {
    const role = `${prefix}_reader`;
    await sql('beta', `ALTER DATABASE ${prefix}_beta SET default_transaction_read_only = on`);
    await onlyOne(/^beta: connection: the database can only be read$/);
    await queryServer(server.url, `ALTER DATABASE ${prefix}_beta RESET default_transaction_read_only`);
    await sql('beta', `CREATE ROLE ${role} LOGIN PASSWORD 'of-the-reader'`);
    try {
      await sql('beta', `GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}`);
      const beta = Object.assign(new URL(urlOf('beta')), { username: role, password: 'of-the-reader' }).href;
      assert.deepEqual(await found({ urls: { beta } }), [
        `beta: connection: the role ${role} may not write outbox, inbox, dead_letters, sagas`,
      ]);
    } finally {
      await sql('beta', `DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });

  it('finds migrations that are missing, and those of a newer version', async () => {
    class Unknown1800000000000 {
      up = async () => undefined;
      down = async () => undefined;
    }
    const lacking = await found({ migrations: [...MIGRATIONS, Unknown1800000000000] });
    assert.match(lacking.join('\n'), /beta: migrations: 1 migration missing: Unknown1800000000000/);
    const [last] = SAGA_MIGRATIONS.slice(-1);
    const newer = await found({ migrations: MIGRATIONS.filter((migration) => migration !== last) });
    const newest = `1 migration of a newer version than this program: ${last?.name}`;
    assert.ok(newer.includes(`beta: migrations: ${newest}`), newer.join('\n'));
  });

  it('finds a clock that differs', async (context) => {
    const now = Date.now.bind(Date);
    context.mock.method(Date, 'now', () => now() - 60_000);
    assert.match((await found())[0] ?? '', /^alpha: clock: the clock of the database is 60 s ahead of/);
  });

  it('finds events that are not sent', async () => {
    await publish(uuidv7(), { sent: false });
    await onlyOne(/^alpha: outbox: 1 event unsent, the oldest since 2/);
  });

  it('finds events that a subscriber lacks, and has them sent again', async () => {
    const [handled, missed, deadLettered, waiting] = [uuidv7(), uuidv7(), uuidv7(), uuidv7()];
    for (const id of [handled, missed, deadLettered, waiting]) await publish(id);
    await handle(handled);
    await sql(
      'beta',
      `INSERT INTO dead_letters (id, event_id, consumer, type, reason, envelope) VALUES ($1, $1, 'listener', 't', 'r', '{}')`,
      [deadLettered],
    );
    await sql(
      'beta',
      `INSERT INTO waiting_events (event_id, consumer, source, key, envelope) VALUES ($1, 'listener', '/a', 'k', '{}')`,
      [waiting],
    );
    const lines = await found({ repairs: true });
    assert.match(lines[0] ?? '', /^beta: dead letters: 1 dead letter of listener, .* and 1 event waiting/);
    assert.match(
      lines[1] ?? '',
      new RegExp(`^beta: missed events: 1 event of alpha not handled here, .* ${missed} `),
    );
    assert.equal(lines.length, 2);
    const unsent = await sql('alpha', 'SELECT event_id AS id FROM outbox WHERE published_at IS NULL');
    assert.deepEqual(unsent, [{ id: missed }]);
  });

  it('expects no event from before a subscription, nor one that an inbox may have forgotten', async () => {
    await publish(uuidv7(), { ago: '11 days' });
    await sql('beta', `UPDATE inbox_subscriptions SET since = now() - interval '40 days'`);
    await onlyOne(/^beta: missed events: 1 event/);
    await sql('beta', `UPDATE inbox_subscriptions SET since = now() - interval '10 days'`);
    assert.deepEqual(await found(), []);
    await sql('beta', `UPDATE inbox_subscriptions SET since = now() - interval '40 days'`);
    await sql('alpha', `UPDATE outbox SET created_at = now() - interval '30 days'`);
    assert.deepEqual(await found(), []);
    await sql('beta', `UPDATE inbox_subscriptions SET since = now() - interval '10 days'`);
  });

  it('finds events that were handled, and that their publisher lost', async () => {
    const days = 86_400_000;
    const [lost, old, foreign] = [uuidv7(), uuidv7({ msecs: Date.now() - 7 * days }), uuidv4()];
    for (const id of [lost, old, foreign]) await handle(id);
    await onlyOne(
      new RegExp(`^beta: lost events: 1 event handled here that no outbox has any more, the first ${lost} `),
    );
    const lines = await found({ urls: { alpha: urlOf('nowhere') } });
    assert.equal(lines.length, 1, 'whether alpha has it cannot be known');
  });

  it('finds sagas that no process claims, and failing ones, which it has retried', async () => {
    await startSaga({ leaseFor: '-1 hour', dueAgo: '1 hour' });
    await onlyOne(/^alpha: sagas: 1 saga of errand, version 1, claimed by no process, due since 2/);
    await sql('alpha', 'DELETE FROM sagas');
    await startSaga({ attempts: 3, dueAgo: '-1 hour' });
    assert.match(
      (await found({ repairs: true }))[0] ?? '',
      /^alpha: sagas: 1 saga of errand failing for ten minutes/,
    );
    const due = await sql(
      'alpha',
      'SELECT fence::integer AS fence FROM sagas WHERE due_at <= now() AND lease_until < now()',
    );
    assert.deepEqual(due, [{ fence: 2 }], 'its owner, if any, cannot write any more');
  });

  it('finds leases that nobody can hold, and releases them', async () => {
    await sql('alpha', `UPDATE outbox_leases SET lease_until = now() + interval '1 day' WHERE bucket = 7`);
    await startSaga({ leaseFor: '1 day' });
    const lines = await found({ repairs: true });
    assert.match(
      lines.join('\n'),
      /1 lease of the outbox held by nobody until .*\n.*1 lease of sagas held by nobody/,
    );
    assert.deepEqual(await found(), []);
    const kept = await sql<{ found: string; done: string }>(
      'alpha',
      `SELECT details->>'found' AS found, details->>'done' AS done FROM audit_log
       WHERE action = 'database.repaired' AND subject = 'leases' ORDER BY id`,
    );
    assert.deepEqual(
      kept.map((row) => `alpha: leases: ${row.found}`),
      lines,
      'the audit log has what was repaired',
    );
    assert.match(kept[0]?.done ?? '', /1 lease/);
  });

  it('finds an index that is invalid', async () => {
    await handle(uuidv7());
    await sql('alpha', `UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'sagas_subject'::regclass`);
    assert.match((await found())[0] ?? '', /^alpha: indexes: the index public.sagas_subject is invalid/);
    await sql('alpha', `UPDATE pg_index SET indisvalid = true WHERE indexrelid = 'sagas_subject'::regclass`);
  });

  it('finds a sequence that is behind its column, and sets it', async () => {
    await sql(
      'alpha',
      `INSERT INTO outbox (position, event_id, type, key, envelope, published_at)
       OVERRIDING SYSTEM VALUE VALUES (5, $1, 'other.v1', 'k', '{}', now())`,
      [uuidv7()],
    );
    const lines = await found({ repairs: true });
    assert.deepEqual(lines, [
      'alpha: sequences: public.outbox_position_seq is at 0, and its column has 5: new rows are refused',
    ]);
    await publish(uuidv7(), { ago: '1 second' });
    assert.deepEqual(await sql('alpha', 'SELECT max(position)::integer AS highest FROM outbox'), [
      { highest: 6 },
    ]);
    assert.deepEqual(await found(), []);
  });
});
