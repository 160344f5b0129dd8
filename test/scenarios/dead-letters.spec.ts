import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { ADMIN } from '../harness/shop.js';
import { Api, type Customer, type Json } from '../harness/api.js';
import { queryServer, until } from '@fissile/kit/testing';
import { type SharedShop, sharedShop } from '../harness/shared-shop.js';

describe('Dead letters', () => {
  let shop: SharedShop;
  let api: Api;
  let admin: string;
  let customer: Customer;

  before(async () => {
    shop = await sharedShop();
    api = new Api(shop);
    admin = await api.admin();
    customer = await api.customer();
  });

  after(() => shop.close());

  /** As if orders had a bug, or ran a version that no other context knows. */
  async function publish(type: string, data: object, key: string): Promise<string> {
    const id = randomUUID();
    const envelope = {
      specversion: '1.0',
      id,
      source: '/orders',
      type,
      subject: key,
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      data,
    };
    await queryServer(
      shop.databaseServerUrl,
      'INSERT INTO outbox (event_id, type, key, envelope) VALUES ($1, $2, $3, $4)',
      [id, type, key, envelope],
      `${shop.databasePrefix}_orders`,
    );
    return id;
  }

  const letterOf = (eventId: string): Promise<Json> =>
    until('it is a dead letter', async () => {
      const { body } = await api.get('/api/admin/dead-letters', admin);
      return body.items.find((letter: Json) => letter.eventId === eventId);
    });

  function tool(...words: string[]): Promise<{ code: number; output: string }> {
    const env = {
      ...process.env,
      FISSILE_URL: shop.url,
      ADMIN_EMAIL: ADMIN.email,
      ADMIN_PASSWORD: ADMIN.password,
    };
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        ['dist/tools/dead-letters/main.js', ...words],
        { env },
        (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
      );
    });
  }

  it('an event that does not fit its schema, or of an unknown version, is kept with the reason', async () => {
    const misfit = await letterOf(await publish('orders.confirmed.v1', { orderId: 7 }, 'misfit'));
    assert.match(misfit.reason, /do not fit the schema: orderId/);
    const newer = await letterOf(await publish('orders.confirmed.v9', { any: 'thing' }, 'newer'));
    assert.match(newer.reason, /orders\.confirmed\.v9 is a version that notify-customer does not know/);
    const shown = await api.get(`/api/admin/dead-letters/${newer.id}`, admin);
    assert.equal(shown.status, 200);
    assert.deepEqual(shown.body.event.data, { any: 'thing' });
    assert.equal((await api.get(`/api/admin/dead-letters/${newer.id}`, customer.token)).status, 403);
    assert.equal((await api.get(`/api/admin/dead-letters/${randomUUID()}`, admin)).status, 404);
  });

  it('a poison message stops its key alone: what comes behind it is handled once it is discarded', async () => {
    const productId = await api.product(admin, { stock: 5 });
    const { body } = await api.placeOrder(customer.token, [{ productId, quantity: 1 }]);
    const poison = { orderId: body.id, userId: customer.id, total: 'a lot' };
    const letter = await letterOf(await publish('orders.confirmed.v1', poison, body.id));
    assert.equal(letter.context, 'notifications');
    await api.post(`/api/orders/${body.id}/cancel`, {}, customer.token);
    await until('the cancellation waits behind it', async () => {
      const waiting = await queryServer(
        shop.databaseServerUrl,
        'SELECT 1 FROM waiting_events WHERE key = $1',
        [body.id],
        `${shop.databasePrefix}_notifications`,
      );
      return waiting.length === 1;
    });
    const notified = async (orderId: string): Promise<string[]> => {
      const { body: page } = await api.get('/api/notifications', customer.token);
      return page.items.filter((each: Json) => each.orderId === orderId).map((each: Json) => each.type);
    };
    const other = await api.placeOrder(customer.token, [{ productId, quantity: 1 }]);
    await until(
      'the customer hears of another order',
      async () => (await notified(other.body.id)).length > 0,
    );
    assert.ok(!(await notified(body.id)).includes('orders.cancelled.v1'));
    assert.equal((await api.post(`/api/admin/dead-letters/${letter.id}/discard`, {}, admin)).status, 204);
    await until('the customer hears of what came behind it', async () =>
      (await notified(body.id)).includes('orders.cancelled.v1'),
    );
  });

  it('the command line lists, shows, replays and discards them', async () => {
    const { id } = await letterOf(await publish('orders.cancelled.v9', { no: 'one' }, 'unknown'));
    const listed = await tool();
    assert.equal(listed.code, 0, listed.output);
    assert.match(listed.output, new RegExp(`${id} .* notifications  orders\\.cancelled\\.v9`));
    assert.match((await tool('show', id)).output, /"no": "one"/);
    const replayed = await tool('replay', id);
    assert.equal(replayed.code, 1);
    assert.match(replayed.output, /not handled: .*does not know/);
    assert.equal((await tool('discard', id)).code, 0);
    assert.match((await tool('show', id)).output, /dead_letter_not_found/);
    const burnt = await tool('burn', id);
    assert.equal(burnt.code, 2);
    assert.match(burnt.output, /expected list, show, replay or discard, not burn/);
  });
});
