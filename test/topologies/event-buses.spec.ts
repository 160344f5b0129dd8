import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Api, type Json } from '../harness/api.js';
import { brokerSettings, brokerUrl, until } from '@fissile/kit/testing';
import { Shop } from '../harness/shop.js';

describe('A shop of several processes', { concurrency: true }, () => {
  for (const bus of ['kafka', 'rabbitmq', 'nats'] as const) {
    it(
      `notifies its customers of their accounts and orders over ${bus}`,
      {
        skip: brokerUrl(bus) === undefined,
      },
      async () => {
        const settings = { TOPOLOGY: 'edge-core', TRANSPORT: 'tcp', EVENT_BUS: bus };
        const shop = await Shop.start({ env: { ...brokerSettings(), ...settings } });
        try {
          const api = new Api(shop);
          const { token } = await api.customer();
          const productId = await api.product(await api.admin(), { stock: 5 });
          const { body: order } = await api.placeOrder(token, [{ productId, quantity: 1 }]);
          const types = await until(`the customer is notified of ${order.id}`, async () => {
            const { items } = (await api.get('/api/notifications', token)).body;
            return items.length >= 2 && items.map(({ type }: Json) => type).sort();
          });
          assert.deepEqual(types, ['orders.confirmed.v1', 'users.registered.v2']);
          assert.equal((await api.get('/health')).body[bus], 'up');
        } finally {
          await shop.close();
        }
      },
    );
  }
});
