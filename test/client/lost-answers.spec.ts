import { ApiProblem, ApiUnreachable, placeOrder, ShopClient } from '@fissile/client';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';

const order = {
  items: [{ productId: '0190c5a0-0000-7000-8000-000000000001', quantity: 1 }],
  payment: { method: 'pm_card_ok' },
};

/** What becomes of an answer on its way. */
type Loss = (response: ServerResponse, answer: string) => void;

const LOSSES: Readonly<Record<string, Loss>> = {
  'a connection that breaks before the answer': (response) => response.destroy(),
  'a connection that breaks in the answer': (response, answer) => {
    response.writeHead(201, { 'content-type': 'application/json', 'content-length': answer.length });
    response.write(answer.slice(0, 5), () => response.destroy());
  },
  '502 of a proxy': (response) => response.writeHead(502).end('<html>Bad gateway</html>'),
  '504 of a proxy': (response) => response.writeHead(504).end('<html>Gateway timeout</html>'),
};

/** A shop that keeps orders by their keys, behind a proxy that loses answers. */
describe('An order whose answer is lost', () => {
  let server: Server;
  let url: string;
  let toLose: Loss[];
  const orders = new Map<string, string>();
  const received: string[] = [];

  before(async () => {
    server = createServer((request, response) => {
      const key = String(request.headers['idempotency-key']);
      received.push(key);
      orders.set(key, orders.get(key) ?? `order-${orders.size + 1}`);
      const answer = JSON.stringify({ id: orders.get(key), status: 'confirmed' });
      const lose = toLose.shift();
      request.resume().on('end', () => {
        if (lose) lose(response, answer);
        else response.writeHead(201, { 'content-type': 'application/json' }).end(answer);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  beforeEach(() => {
    toLose = [];
    orders.clear();
    received.length = 0;
  });

  after(() => server.close());

  for (const [name, loss] of Object.entries(LOSSES)) {
    it(`is placed once in spite of ${name}`, async () => {
      toLose = [loss, loss];
      const placed = await placeOrder(new ShopClient({ url }), order);
      assert.equal(placed.id, 'order-1');
      assert.equal(orders.size, 1);
      assert.equal(received.length, 3);
      assert.equal(new Set(received).size, 1);
    });

    it(`is given up after as many of ${name} as the policy has`, async () => {
      toLose = [loss, loss, loss];
      await assert.rejects(
        placeOrder(new ShopClient({ url }), order),
        (error) => error instanceof ApiProblem || error instanceof ApiUnreachable,
      );
      assert.equal(received.length, 3);
    });

    it(`is not sent again without a key after ${name}`, async () => {
      toLose = [loss];
      await assert.rejects(new ShopClient({ url }).post('/api/orders', { body: order }));
      assert.equal(received.length, 1);
    });
  }
});
