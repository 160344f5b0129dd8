import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { ADMIN, Shop } from '../harness/shop.js';
import { Api, type Json } from '../harness/api.js';
import { queryServer, until } from '@fissile/kit/testing';

/** A version that no process knows: what is inserted stays as it is. */
const UNKNOWN_VERSION = 99;
const MINUTE_MS = 60_000;

interface SagaRow {
  readonly name: string;
  readonly subject: string;
  readonly status?: string;
  readonly at?: number;
  /** Whether it waits for a retry that is due in an hour. */
  readonly waits?: boolean;
}

describe('Operators find', () => {
  let shop: Shop;
  let api: Api;
  let admin: string;

  before(async () => {
    shop = await Shop.start();
    api = new Api(shop);
    admin = await api.admin();
  });

  after(() => shop.close());

  const query = (context: string, sql: string, values: unknown[]): Promise<Json[]> =>
    queryServer(shop.databaseServerUrl, sql, values, `${shop.databasePrefix}_${context}`);

  async function addSaga({ name, subject, status = 'running', at = Date.now(), waits = true }: SagaRow) {
    const id = uuidv7({ msecs: at });
    await query(
      'orders',
      `INSERT INTO sagas (id, name, version, subject, status, position, data, timeline, lease_until, due_at, created_at)
       VALUES ($1, $2, ${UNKNOWN_VERSION}, $3, $4, 0, '{}', '[]', now(), now() + $5 * interval '1 hour', to_timestamp($6))`,
      [id, name, subject, status, waits ? 1 : -1, at / 1000],
    );
    return id;
  }

  async function addLetter(
    type: string,
    reason: string,
    at = Date.now(),
  ): Promise<{ id: string; eventId: string }> {
    const [id, eventId] = [uuidv7({ msecs: at }), randomUUID()];
    await query(
      'notifications',
      `INSERT INTO dead_letters (id, event_id, consumer, type, reason, envelope, created_at)
       VALUES ($1, $2, 'notify-customer', $3, $4, $5, to_timestamp($6))`,
      [id, eventId, type, reason, { unreadable: 'nothing' }, at / 1000],
    );
    return { id, eventId };
  }

  async function idsOf(path: string): Promise<string[]> {
    const { status, body } = await api.get(path, admin);
    assert.equal(status, 200, JSON.stringify(body));
    return body.items.map(({ id }: Json) => id);
  }

  async function errorsOf(path: string): Promise<Json> {
    const { status, body } = await api.get(path, admin);
    assert.equal(status, 400, JSON.stringify(body));
    return Object.fromEntries(body.errors.map(({ path: field, message }: Json) => [field, message]));
  }

  const timeOf = (ms: number): string => encodeURIComponent(new Date(ms).toISOString());

  it('sagas by name, status, id, subject and time, from either end', async () => {
    const then = Date.now() - 60 * MINUTE_MS;
    const [first, second, third] = [randomUUID(), 'an invoice', randomUUID()];
    const ids = [
      await addSaga({ name: 'found', subject: first, at: then }),
      await addSaga({ name: 'found', subject: second, at: then + MINUTE_MS, status: 'completed' }),
      await addSaga({ name: 'found', subject: third, at: then + 2 * MINUTE_MS }),
    ];
    const sagas = '/api/admin/sagas?name=found';
    assert.deepEqual(await idsOf(sagas), ids.toReversed());
    assert.deepEqual(await idsOf(`${sagas}&sort=oldest`), ids);
    assert.deepEqual(await idsOf(`${sagas}&status=completed`), [ids[1]]);
    assert.deepEqual(
      await idsOf(`/api/admin/sagas?id=${ids[0]?.toUpperCase()}`),
      [],
      'ids are in lower case',
    );
    assert.deepEqual(await idsOf(`/api/admin/sagas?id=${ids[0]}`), [ids[0]]);
    assert.deepEqual(await idsOf(`/api/admin/sagas?id=${third}`), [ids[2]]);
    assert.deepEqual(await idsOf(`/api/admin/sagas?id=${encodeURIComponent(second)}`), [ids[1]]);
    const within = `from=${timeOf(then + MINUTE_MS)}&to=${timeOf(then + 2 * MINUTE_MS)}`;
    assert.deepEqual(await idsOf(`${sagas}&${within}`), [ids[1]]);
    const page = await api.get(`${sagas}&sort=oldest&limit=2`, admin);
    const next = `${sagas}&sort=oldest&limit=2&cursor=${encodeURIComponent(page.body.nextCursor)}`;
    assert.deepEqual(await idsOf(next), [ids[2]]);
  });

  it('dead letters by type, id, event, time, and words of the reason', async () => {
    const then = Date.now() - 60 * MINUTE_MS;
    const one = await addLetter(
      'orders.confirmed.v8',
      'The data do not fit the schema: orderId: expected a UUID',
      then,
    );
    const other = await addLetter(
      'orders.confirmed.v9',
      "it's (a) version that nobody knows",
      then + MINUTE_MS,
    );
    const letters = '/api/admin/dead-letters';
    assert.deepEqual(await idsOf(`${letters}?type=orders.confirmed.v8`), [one.id]);
    assert.deepEqual(await idsOf(`${letters}?id=${one.eventId}`), [one.id]);
    assert.deepEqual(await idsOf(`${letters}?id=${other.id}`), [other.id]);
    for (const text of ['orderid', 'Schema orde', 'SCHEMA: orderId'])
      assert.deepEqual(await idsOf(`${letters}?text=${encodeURIComponent(text)}`), [one.id], text);
    assert.deepEqual(await idsOf(`${letters}?text=${encodeURIComponent("it's (a) & !b | nobody")}`), []);
    assert.deepEqual(await idsOf(`${letters}?text=${encodeURIComponent("it's (a)")}`), [other.id]);
    assert.deepEqual(await idsOf(`${letters}?sort=oldest`), [one.id, other.id]);
    assert.deepEqual(await idsOf(`${letters}?to=${timeOf(then + 1)}`), [one.id]);
    assert.deepEqual(await idsOf(`${letters}?context=payments`), []);
    for (const { id } of [one, other]) await api.post(`${letters}/${id}/discard`, {}, admin);
  });

  it('audit records by the address of who did it, which they show', async () => {
    const { id: subject, email, token } = await api.customer();
    assert.equal((await api.post('/api/auth/logout', undefined, token)).status, 204);
    const change = { token: admin, body: { status: 'disabled' } };
    assert.equal((await api.call('PATCH', `/api/users/${subject}`, change)).status, 200);
    const own = (query: string) => api.get(`/api/admin/audit?subject=${subject}${query}`, admin);
    const { body } = await own(`&by=${encodeURIComponent(ADMIN.email.toUpperCase())}`);
    assert.deepEqual(
      body.items.map(({ action, userEmail }: Json) => [action, userEmail]),
      [['user.status_changed', ADMIN.email]],
    );
    const { userId } = body.items[0];
    assert.deepEqual((await own(`&by=${userId}`)).body.items, body.items);
    const theirs = (await api.get(`/api/admin/audit?by=${encodeURIComponent(email)}`, admin)).body.items;
    assert.deepEqual(
      theirs.map(({ action, userEmail }: Json) => [action, userEmail]),
      [['session.ended', email]],
    );
    assert.deepEqual((await own('&by=nobody%40example.com')).body.items, []);
    assert.equal((await own(`&to=${timeOf(Date.now() - MINUTE_MS)}`)).body.items.length, 0);
    assert.equal((await own(`&action=user.status_changed&by=${userId}`)).body.items.length, 1);
  });

  it('anything by its id, and users by their address', async () => {
    const { id, email } = await api.customer();
    const subject = randomUUID();
    const saga = await addSaga({ name: 'anything', subject });
    const letter = await addLetter('orders.confirmed.v7', 'to be found');
    const find = async (q: string): Promise<string[]> => {
      const { status, body } = await api.get(`/api/admin/find?q=${encodeURIComponent(q)}`, admin);
      assert.deepEqual([status, body.missing], [200, []]);
      return body.items.map((item: Json) => `${item.kind} ${item.id}`);
    };
    assert.deepEqual(await find(saga), [`saga ${saga}`]);
    assert.deepEqual(await find(` ${subject.toUpperCase()} `), [`saga ${saga}`]);
    assert.deepEqual(await find(letter.eventId), [`dead letter ${letter.id}`]);
    assert.deepEqual(await find(email), [`user ${id}`]);
    assert.deepEqual(await find(id), [`user ${id}`, `audit records ${id}`]);
    assert.deepEqual(await find('nothing at all'), []);
    const linksTo = async (q: string) => (await api.get(`/api/admin/find?q=${q}`, admin)).body.links;
    assert.deepEqual((await linksTo(id)).slice(0, 2), [
      { kind: 'order', api: `/api/orders/${id}`, page: `/shop#/staff/orders/${id}` },
      { kind: 'payment', api: `/api/payments/${id}`, page: `/shop#/staff/payments/${id}` },
    ]);
    assert.deepEqual(await linksTo(email), [], 'what is no id leads nowhere');
    assert.deepEqual(Object.keys(await errorsOf('/api/admin/find')), ['q']);
    assert.deepEqual(Object.keys(await errorsOf('/api/admin/find?q=%00')), ['q']);
    await api.post(`/api/admin/dead-letters/${letter.id}/discard`, {}, admin);
  });

  it('nothing by a filter that is none, and are told which', async () => {
    assert.deepEqual(await errorsOf('/api/admin/sagas?from=yesterday&sort=up&colour=red'), {
      from: 'expected a time such as 2026-03-01T12:00:00Z',
      sort: 'expected newest or oldest',
      colour: 'This field is not known here',
    });
    const turned = 'from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00%2B01:00';
    for (const list of ['sagas', 'dead-letters', 'audit'])
      assert.deepEqual(await errorsOf(`/api/admin/${list}?${turned}`), { to: 'expected a time after from' });
    assert.deepEqual(await errorsOf('/api/admin/dead-letters?id=1&text=%21%26'), {
      id: 'expected a UUID',
      text: 'expected a word',
    });
    assert.deepEqual(await errorsOf('/api/admin/audit?by=somebody'), {
      by: 'expected the id or the email address of a user',
    });
  });

  const bulk = async (path: string, filter: object, preview = false): Promise<Json> => {
    const { status, body } = await api.post(path, { filter, preview }, admin);
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual(body.missing, []);
    return body;
  };

  const recorded = async (action: string): Promise<string[]> => {
    const { body } = await api.get(`/api/admin/audit?action=${action}&limit=100`, admin);
    return body.items.map(({ subject }: Json) => subject).sort();
  };

  it('and retry or abort all sagas that fit, once each', async () => {
    const name = 'stuck';
    const stuck = [
      await addSaga({ name, subject: 'a' }),
      await addSaga({ name, subject: 'b', status: 'compensating' }),
    ];
    const due = await addSaga({ name, subject: 'c', waits: false });
    await addSaga({ name, subject: 'd', status: 'completed' });
    await addSaga({ name: 'another', subject: 'a' });
    const nothing = { done: 0, failed: 0, more: false, missing: [] };
    const preview = await bulk('/api/admin/sagas/retry', { name }, true);
    assert.deepEqual(preview, { ...nothing, matching: 4, eligible: 2 });
    assert.deepEqual(await recorded('saga.retried'), [], 'a preview does nothing');
    assert.equal((await bulk('/api/admin/sagas/retry', { name })).done, 2);
    assert.deepEqual(await recorded('saga.retried'), stuck.toSorted());
    assert.deepEqual(await bulk('/api/admin/sagas/retry', { name }), {
      ...nothing,
      matching: 4,
      eligible: 0,
    });
    assert.deepEqual(await bulk('/api/admin/sagas/abort', { name, context: 'payments' }), {
      ...nothing,
      matching: 0,
      eligible: 0,
    });
    assert.equal((await bulk('/api/admin/sagas/abort', { name })).done, 2);
    assert.equal((await bulk('/api/admin/sagas/abort', { name })).done, 0);
    assert.deepEqual(await recorded('saga.aborted'), [stuck[0], due].toSorted());
    assert.deepEqual(await recorded('saga.retried'), stuck.toSorted());
  });

  it('and do so for 1,000 at a time', async () => {
    const name = 'many';
    await query(
      'orders',
      `INSERT INTO sagas (id, name, version, subject, status, position, data, timeline, lease_until, due_at)
       SELECT gen_random_uuid(), $1, ${UNKNOWN_VERSION}, 'many', 'running', 0, '{}', '[]', now(), now() + interval '1 hour'
       FROM generate_series(1, 1200)`,
      [name],
    );
    const first = await bulk('/api/admin/sagas/retry', { name });
    assert.deepEqual([first.matching, first.eligible, first.done, first.more], [1200, 1000, 1000, true]);
    const second = await bulk('/api/admin/sagas/retry', { name });
    assert.deepEqual([second.eligible, second.done, second.more], [200, 200, false]);
  });

  it('and replay or discard all dead letters that fit', async () => {
    const { id: userId } = await api.customer();
    const orderId = randomUUID();
    const envelope = (data: object) => ({
      specversion: '1.0',
      id: randomUUID(),
      source: '/orders',
      type: 'orders.confirmed.v1',
      subject: randomUUID(),
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      data,
    });
    const total = { amountMinor: 1, currency: 'USD' };
    const publish = 'INSERT INTO outbox (event_id, type, key, envelope) VALUES ($1, $2, $3, $4)';
    for (const data of [
      { orderId, userId, total: 'a lot' },
      { orderId, userId, total: 'little' },
      { orderId: 7 },
    ]) {
      const event = envelope(data);
      await query('orders', publish, [event.id, event.type, event.subject, event]);
    }
    const filter = { type: 'orders.confirmed.v1' };
    const letters = '/api/admin/dead-letters';
    await until(
      'they are dead letters',
      async () => (await idsOf(`${letters}?type=${filter.type}`)).length === 3,
    );
    await addLetter('unreadable', 'it is no event');
    assert.equal((await bulk(`${letters}/replay`, {}, true)).matching, 4);
    assert.equal((await bulk(`${letters}/replay`, {}, true)).eligible, 3);
    const mend = `UPDATE dead_letters SET envelope = jsonb_set(envelope, '{data,total}', $1) WHERE envelope #>> '{data,total}' IS NOT NULL`;
    await query('notifications', mend, [JSON.stringify(total)]);
    const replayed = await bulk(`${letters}/replay`, filter);
    assert.deepEqual([replayed.matching, replayed.eligible, replayed.done, replayed.failed], [3, 3, 2, 1]);
    assert.equal((await recorded('dead_letter.replayed')).length, 2);
    const again = await bulk(`${letters}/replay`, filter);
    assert.deepEqual([again.eligible, again.done, again.failed], [1, 0, 1]);
    assert.equal((await bulk(`${letters}/discard`, {}, true)).eligible, 2);
    assert.equal((await bulk(`${letters}/discard`, {})).done, 2);
    assert.deepEqual(await idsOf(letters), []);
    assert.equal((await bulk(`${letters}/discard`, {})).done, 0);
  });

  it('and nobody else', async () => {
    const { token } = await api.customer();
    for (const path of ['sagas/retry', 'sagas/abort', 'dead-letters/replay', 'dead-letters/discard'])
      assert.equal((await api.post(`/api/admin/${path}`, { filter: {} }, token)).status, 403, path);
    const { status, body } = await api.post('/api/admin/sagas/retry', { filter: { nme: 'stuck' } }, admin);
    assert.deepEqual([status, body.errors[0].path], [400, 'filter.nme']);
    assert.equal(
      (await api.post('/api/admin/sagas/retry', {}, admin)).status,
      400,
      'everything has to be meant',
    );
  });
});
