import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { ADMIN, Shop } from '../harness/shop.js';
import { Api, type Customer } from '../harness/api.js';
import { OtlpCollector, type OtlpSpan, until } from '@fissile/kit/testing';

const SETTINGS = {
  OTEL_BSP_SCHEDULE_DELAY: '100',
  OTEL_EXPORTER_OTLP_TIMEOUT: '5000',
  OTEL_EXPORTER_OTLP_HEADERS: 'x-api-key=the-collectors-key',
};

interface Case {
  readonly env: Readonly<Record<string, string>>;
  readonly contentType: string;
  readonly services: readonly string[];
  /** The spans of calls from orders to other contexts. */
  readonly calls: { readonly kind: OtlpSpan['kind']; readonly system: string };
  readonly bus: string;
}

const CASES: Readonly<Record<string, Case>> = {
  monolith: {
    env: { TOPOLOGY: 'monolith', OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_SERVICE_NAME: 'the-shop' },
    contentType: 'application/json',
    services: ['the-shop'],
    calls: { kind: 'internal', system: 'local' },
    bus: 'local',
  },
  split: {
    env: { TOPOLOGY: 'split', TRANSPORT: 'grpc' },
    contentType: 'application/x-protobuf',
    services: ['gateway', 'inventory', 'notifications', 'orders', 'payments', 'products', 'users'].map(
      (name) => `fissile-${name}`,
    ),
    calls: { kind: 'client', system: 'grpc' },
    bus: 'direct',
  },
};

/** For the trace of an order: each span's name, and its nearest ancestor among these. */
const TREE: Readonly<Record<string, string>> = {
  'fissile.products.v1.Products/GetProducts': 'POST /api/orders',
  'place-order create-order': 'POST /api/orders',
  'place-order reserve-inventory': 'POST /api/orders',
  'place-order process-payment': 'POST /api/orders',
  'place-order confirm-order': 'POST /api/orders',
  'fissile.inventory.v1.Inventory/Reserve': 'place-order reserve-inventory',
  'fissile.payments.v1.Payments/Charge': 'place-order process-payment',
  'charge sandbox': 'fissile.payments.v1.Payments/Charge',
  'publish inventory.reserved.v1': 'fissile.inventory.v1.Inventory/Reserve',
  'publish payments.captured.v1': 'fissile.payments.v1.Payments/Charge',
  'publish orders.confirmed.v1': 'place-order confirm-order',
  'process orders.confirmed.v1': 'publish orders.confirmed.v1',
  'fissile.users.v1.Users/GetContacts': 'process orders.confirmed.v1',
  'deliver orders.confirmed.v1': 'process orders.confirmed.v1',
  'SMTP send': 'deliver orders.confirmed.v1',
};

for (const [topology, expected] of Object.entries(CASES)) {
  describe(`Traces of the shop as ${topology}`, () => {
    let collector: OtlpCollector;
    let smtp: SMTPServer;
    let shop: Shop;
    let api: Api;
    let customer: Customer;
    let productId: string;
    let order: OtlpSpan[];

    before(async () => {
      collector = await OtlpCollector.open();
      smtp = new SMTPServer({ disabledCommands: ['AUTH', 'STARTTLS'] });
      await new Promise<void>((listening) => smtp.listen(0, '127.0.0.1', listening));
      const { port } = smtp.server.address() as AddressInfo;
      const SMTP_URL = `smtp://127.0.0.1:${port}`;
      shop = await Shop.start({
        env: { ...SETTINGS, ...expected.env, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, SMTP_URL },
      });
      api = new Api(shop);
      const admin = await api.admin();
      customer = await api.customer();
      productId = await api.product(admin, { stock: 5 });
      const placed = await api.placeOrder(customer.token, [{ productId, quantity: 1 }]);
      assert.equal(placed.status, 201, JSON.stringify(placed.body));
      // Each process exports its spans separately, and at its own time.
      order = await traceOf('POST /api/orders', (trace) => {
        const names = new Set(trace.map(({ name }) => name));
        const services = new Set(trace.map(({ service }) => service));
        return (
          [...Object.keys(TREE), 'INSERT outbox'].every((name) => names.has(name)) &&
          expected.services.every((service) => services.has(service))
        );
      });
    });

    after(async () => {
      await shop.close();
      await collector.close();
      await new Promise<void>((closed) => smtp.close(closed));
    });

    /** Waits until the newest trace that starts with such a request is complete. */
    function traceOf(name: string, isWhole: (trace: readonly OtlpSpan[]) => boolean): Promise<OtlpSpan[]> {
      return until(`the trace of ${name} has arrived`, () => {
        const first = collector.spans.findLast((span) => span.name === name && span.parentSpanId === '');
        const trace = first ? collector.trace(first.traceId) : [];
        return isWhole(trace) && hasAllParents(trace) ? trace : undefined;
      });
    }

    const named = (name: string): OtlpSpan => {
      const found = order.find((span) => span.name === name);
      assert.ok(
        found,
        `${name} is missing in ${[...new Set(order.map((span) => span.name))].sort().join(', ')}`,
      );
      return found;
    };

    it('an order is one tree, from its request to the mail that confirms it', () => {
      const roots = order.filter(({ parentSpanId }) => parentSpanId === '');
      assert.deepEqual(
        roots.map(({ name }) => name),
        ['POST /api/orders'],
      );
      for (const [name, parent] of Object.entries(TREE)) {
        const above = ancestorsOf(order, named(name)).find(
          (each) => each.name !== name && isInTree(each.name),
        );
        assert.equal(above?.name, parent, `the parent of ${name}`);
      }
    });

    it('each process takes its part, under its name', () => {
      assert.deepEqual([...new Set(order.map(({ service }) => service))].sort(), expected.services);
      assert.equal(collector.headers['content-type'], expected.contentType);
      assert.equal(collector.headers['x-api-key'], 'the-collectors-key');
    });

    it('spans say what they are by the names of the conventions', () => {
      assert.deepEqual(pick(named('POST /api/orders'), /^(http|url)\./), {
        'http.request.method': 'POST',
        'http.response.status_code': 201,
        'http.route': '/api/orders',
        'url.path': '/api/orders',
        'url.scheme': 'http',
      });
      const call = order.find(
        ({ name, kind }) => name === 'fissile.inventory.v1.Inventory/Reserve' && kind === expected.calls.kind,
      );
      assert.deepEqual(call && pick(call, /^rpc\./), {
        'rpc.method': 'fissile.inventory.v1.Inventory/Reserve',
        'rpc.service': 'fissile.inventory.v1.Inventory',
        'rpc.system': expected.calls.system,
        'rpc.system.name': expected.calls.system,
      });
      const step = named('place-order reserve-inventory');
      assert.equal(step.attributes['fissile.saga.step'], 'reserve-inventory');
      assert.equal(step.attributes['fissile.saga.attempt'], 1);
      const published = named('publish orders.confirmed.v1');
      assert.equal(published.kind, 'producer');
      const handled = named('process orders.confirmed.v1');
      assert.equal(handled.kind, 'consumer');
      assert.deepEqual(
        [published, handled].map(({ attributes }) => [
          attributes['messaging.system'],
          attributes['messaging.destination.name'],
          attributes['messaging.operation.type'],
        ]),
        [
          [expected.bus, 'orders.confirmed.v1', 'send'],
          [expected.bus, 'orders.confirmed.v1', 'process'],
        ],
      );
      const statement = order.find(({ name }) => name === 'INSERT outbox');
      assert.equal(statement?.attributes['db.system.name'], 'postgresql');
      assert.equal(statement.attributes['db.query.summary'], 'INSERT outbox');
      assert.match(String(statement.attributes['db.namespace']), /_(orders|inventory|payments)$/);
      assert.equal(named('SMTP send').attributes['server.address'], '127.0.0.1');
    });

    it('what the catalogue refuses is no failure of who serves it, and leaves its code', async () => {
      const placed = await api.placeOrder(customer.token, [{ productId, quantity: 9 }]);
      assert.equal(placed.body.status, 'cancelled');
      const isServed = ({ name, kind }: OtlpSpan) =>
        name === 'fissile.inventory.v1.Inventory/Reserve' && kind !== 'client';
      const refused = await traceOf(
        'POST /api/orders',
        (trace) => trace.some(isServed) && trace.some(({ name }) => name === 'place-order cancel-order'),
      );
      const served = refused.find(isServed);
      assert.equal(served?.attributes['error.type'], 'stock_insufficient');
      assert.equal(served.hasFailed, false);
      assert.ok(refused.filter(({ kind }) => kind === 'server').every(({ hasFailed }) => !hasFailed));
    });

    it('a client’s own trace goes on, and a problem names it', async () => {
      const traceId = '0af7651916cd43dd8448eb211c80319c';
      const { body } = await api.call('GET', '/api/orders/0197d3b5-7f00-7000-8000-000000000000', {
        token: customer.token,
        headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01`, tracestate: 'them=1' },
      });
      assert.equal(body.traceId, traceId);
      const served = await until('the span has arrived', () =>
        collector.trace(traceId).find(({ parentSpanId }) => parentSpanId === 'b7ad6b7169203331'),
      );
      assert.equal(served.name, 'GET /api/orders/:id');
      const own = await api.get('/api/nothing-here');
      await until('a trace of our own is named too', () => collector.trace(own.body.traceId).length > 0);
    });

    it('a client that wants no trace gets none', async () => {
      const traceId = '1bf7651916cd43dd8448eb211c80319c';
      const { status } = await api.call('GET', '/api/orders', {
        token: customer.token,
        headers: { traceparent: `00-${traceId}-b7ad6b7169203331-00` },
      });
      assert.equal(status, 200);
      const last = '2cf7651916cd43dd8448eb211c80319c';
      await api.call('GET', '/api/orders', {
        token: customer.token,
        headers: { traceparent: `00-${last}-b7ad6b7169203331-01` },
      });
      await until('a later trace has arrived', () => {
        const trace = collector.trace(last);
        return trace.some(({ parentSpanId }) => parentSpanId === 'b7ad6b7169203331');
      });
      assert.deepEqual(collector.trace(traceId), []);
    });

    it('nothing of a person is in them, nor what operators ask all the time', async () => {
      await api.get('/health/live');
      await api.get('/metrics');
      await api.get(`/api/products?q=${encodeURIComponent(customer.email)}`);
      await traceOf('GET /api/products', (trace) => trace.length > 0);
      const all = JSON.stringify(collector.spans, (_key, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
      );
      for (const secret of [customer.email, customer.password, customer.token, ADMIN.email, 'A Customer']) {
        assert.ok(!all.includes(secret) && !all.includes(encodeURIComponent(secret)), secret);
      }
      assert.doesNotMatch(all, /"\/(health|metrics)/);
    });

    it('the shop goes on without its collector, says so once, and sends the rest when it stops', async () => {
      const { port } = new URL(collector.url);
      await collector.close();
      assert.equal((await api.get('/api/products')).status, 200);
      await until('it is said', () => /Traces do not reach/.test(shop.output));
      assert.equal((await api.placeOrder(customer.token, [{ productId, quantity: 1 }])).status, 201);
      const said = shop.output.match(/Traces do not reach 127\.0\.0\.1:\d+/g) ?? [];
      assert.ok(said.length <= expected.services.length, 'once for each process');
      collector = await OtlpCollector.open(Number(port));
      const traceId = '3df7651916cd43dd8448eb211c80319c';
      await api.call('GET', '/api/products', {
        headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
      });
      assert.equal(await shop.stop(), 0);
      assert.ok(collector.trace(traceId).length > 0, 'what was finished is sent before the end');
    });
  });
}

describe('A shop without traces', () => {
  it('sends nothing when the sampler takes nothing, and keeps the ids that it is given', async () => {
    const collector = await OtlpCollector.open();
    const shop = await Shop.start({
      env: {
        ...SETTINGS,
        TOPOLOGY: 'monolith',
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_TRACES_SAMPLER: 'traceidratio',
        OTEL_TRACES_SAMPLER_ARG: '0',
      },
    });
    try {
      const traceId = '0af7651916cd43dd8448eb211c80319c';
      const { body } = await new Api(shop).call('GET', '/api/nothing', {
        headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
      });
      assert.equal(body.traceId, traceId);
      assert.equal(await shop.stop(), 0);
      assert.equal(collector.requests, 0);
    } finally {
      await shop.close();
      await collector.close();
    }
  });
});

function isInTree(name: string): boolean {
  return name in TREE || name === 'POST /api/orders';
}

function hasAllParents(trace: readonly OtlpSpan[]): boolean {
  const ids = new Set(trace.map(({ spanId }) => spanId));
  return trace.every(({ parentSpanId }) => parentSpanId === '' || ids.has(parentSpanId));
}

function ancestorsOf(trace: readonly OtlpSpan[], span: OtlpSpan): OtlpSpan[] {
  const parent = trace.find(({ spanId }) => spanId === span.parentSpanId);
  return parent ? [parent, ...ancestorsOf(trace, parent)] : [];
}

function pick({ attributes }: OtlpSpan, names: RegExp): Record<string, unknown> {
  const picked = Object.entries(attributes).filter(([name]) => names.test(name));
  return Object.fromEntries(picked.sort(([one], [other]) => one.localeCompare(other)));
}
