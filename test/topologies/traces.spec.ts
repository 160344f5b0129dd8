import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { readFileSync } from 'node:fs';
import { ADMIN, Shop } from '../harness/shop.js';
import { Api, type Customer, type Json } from '../harness/api.js';
import { MailServer } from '../harness/mail-server.js';
import {
  OtlpCollector,
  type OtlpLog,
  type OtlpMetric,
  type OtlpSpan,
  queryServer,
  until,
} from '@fissile/kit/testing';

const SETTINGS = {
  OTEL_BSP_SCHEDULE_DELAY: '100',
  OTEL_EXPORTER_OTLP_TIMEOUT: '5000',
  OTEL_EXPORTER_OTLP_HEADERS: 'x-api-key=the-collectors-key',
};

/** What is sent beside traces, and often. */
const ALL_SIGNALS = {
  OTEL_LOGS_EXPORTER: 'otlp',
  OTEL_BLRP_SCHEDULE_DELAY: '100',
  OTEL_METRICS_EXPORTER: 'otlp',
  OTEL_METRIC_EXPORT_INTERVAL: '500',
  OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=the-tests',
  LOG_LEVEL: 'debug',
};

const BAGGAGE = 'tenant=a%20b;ttl=3,tier=gold';
const STRANGER = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };

interface Case {
  readonly env: Readonly<Record<string, string>>;
  readonly contentType: string;
  readonly services: readonly string[];
  /** The spans of calls from orders to other contexts. */
  readonly calls: { readonly kind: OtlpSpan['kind']; readonly system: string };
  readonly bus: string;
  /** Whether a client's trace is continued, and its baggage passed on. */
  readonly trusts: boolean;
}

const CASES: Readonly<Record<string, Case>> = {
  monolith: {
    env: { TOPOLOGY: 'monolith', OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_SERVICE_NAME: 'the-shop' },
    contentType: 'application/json',
    services: ['the-shop'],
    calls: { kind: 'internal', system: 'local' },
    bus: 'local',
    trusts: false,
  },
  split: {
    env: { TOPOLOGY: 'split', TRANSPORT: 'grpc', TRACE_TRUST_INCOMING: 'true' },
    contentType: 'application/x-protobuf',
    services: ['gateway', 'inventory', 'notifications', 'orders', 'payments', 'products', 'users'].map(
      (name) => `fissile-${name}`,
    ),
    calls: { kind: 'client', system: 'grpc' },
    bus: 'direct',
    trusts: true,
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
    let smtp: MailServer;
    let shop: Shop;
    let api: Api;
    let customer: Customer;
    let productId: string;
    let order: OtlpSpan[];

    before(async () => {
      collector = await OtlpCollector.open();
      smtp = await MailServer.start();
      shop = await Shop.start({
        env: {
          ...SETTINGS,
          ...ALL_SIGNALS,
          ...expected.env,
          OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
          SMTP_URL: smtp.url,
        },
      });
      api = new Api(shop);
      const admin = await api.admin();
      customer = await api.customer();
      productId = await api.product(admin, { stock: 5 });
      const items = [{ productId, quantity: 1 }];
      const placed = await api.call('POST', '/api/orders', {
        token: customer.token,
        body: { items, payment: { method: 'pm_card_ok' } },
        headers: { baggage: BAGGAGE },
      });
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
      await smtp.close();
    });

    /** Waits until the newest trace that starts with such a request is complete. */
    function traceOf(name: string, isWhole: (trace: readonly OtlpSpan[]) => boolean): Promise<OtlpSpan[]> {
      return until(`the trace of ${name} has arrived`, () => {
        const first = collector.spans.findLast((span) => span.name === name && span.parentSpanId === '');
        const trace = first ? collector.trace(first.traceId) : [];
        return isWhole(trace) && hasAllParents(trace) ? trace : undefined;
      });
    }

    /** With several processes, each line begins with the name of its process. */
    const lines = (): Json[] =>
      shop.output
        .split('\n')
        .map((line) => /^(?:\S+ +\| )?(\{.*\})$/.exec(line)?.[1])
        .filter((line) => line !== undefined)
        .map((line) => JSON.parse(line));

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

    if (expected.trusts) {
      it('a client’s own trace goes on, and a problem names it', async () => {
        const { traceId, spanId } = STRANGER;
        const { body } = await api.call('GET', '/api/orders/0197d3b5-7f00-7000-8000-000000000000', {
          token: customer.token,
          headers: { traceparent: `00-${traceId}-${spanId}-01`, tracestate: 'them=1' },
        });
        assert.equal(body.traceId, traceId);
        const served = await until('the span has arrived', () =>
          collector.trace(traceId).find(({ parentSpanId }) => parentSpanId === spanId),
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
    } else {
      it('a stranger’s trace is linked to by one of our own, and decides nothing', async () => {
        const { traceId, spanId } = STRANGER;
        for (const sampled of ['00', '01']) {
          const { body } = await api.call('GET', '/api/orders/0197d3b5-7f00-7000-8000-000000000000', {
            token: customer.token,
            headers: { traceparent: `00-${traceId}-${spanId}-${sampled}`, tracestate: 'them=1' },
          });
          assert.notEqual(body.traceId, traceId);
          const [served] = await until('its trace has arrived', () => {
            const trace = collector.trace(body.traceId).filter(({ parentSpanId }) => parentSpanId === '');
            return trace.length > 0 && trace;
          });
          assert.equal(served?.name, 'GET /api/orders/:id');
          assert.deepEqual(served.links, [traceId]);
        }
        assert.deepEqual(collector.trace(traceId), []);
      });
    }

    it(
      expected.trusts
        ? 'baggage goes with the order to each context, its events and what they cause'
        : 'baggage of strangers goes nowhere',
      async () => {
        const carried = (context: string, query: string) =>
          until(`${context} has written it`, async () => {
            const name = `${shop.databasePrefix}_${context}`;
            const rows = await queryServer<{ baggage: string | null }>(
              shop.databaseServerUrl,
              query,
              [],
              name,
            );
            return rows.length > 0 && rows.map(({ baggage }) => baggage);
          });
        const event = (type: string) =>
          `SELECT envelope->>'baggage' AS baggage FROM outbox WHERE type = '${type}'`;
        const baggage = expected.trusts ? BAGGAGE : null;
        assert.equal((await carried('inventory', event('inventory.reserved.v1')))[0], baggage);
        assert.equal((await carried('orders', event('orders.confirmed.v1')))[0], baggage);
        const mail = `SELECT origin->>'baggage' AS baggage FROM notifications WHERE type = 'orders.confirmed.v1'`;
        assert.equal((await carried('notifications', mail))[0], baggage);
      },
    );

    it('log lines arrive as records, in the spans that they belong to', async () => {
      const { traceId } = named('POST /api/orders');
      const step = /^place-order: confirm-order is done/;
      const isOfOrder = ({ traceId: id, body }: OtlpLog) => id === traceId && step.test(String(body));
      const record = await until('the record has arrived', () => collector.logs.find(isOfOrder));
      const line = lines().find((each) => each.traceId === traceId && step.test(each.msg));
      assert.deepEqual(
        { body: record.body, spanId: record.spanId, at: record.at, severity: record.severity },
        { body: line.msg, spanId: line.spanId, at: BigInt(line.time) * 1_000_000n, severity: 5 },
      );
      assert.equal(record.severityText, 'debug');
      const elsewhere = /^(level|time|msg|traceId|spanId|pid|service|version|env)$/;
      const attributes = Object.fromEntries(Object.entries(line).filter(([field]) => !elsewhere.test(field)));
      assert.deepEqual(record.attributes, attributes);
      assert.equal(attributes['userId'], customer.id);
      assert.ok(order.some(({ spanId }) => spanId === record.spanId));
    });

    it('each signal and each line says whose it is', async () => {
      const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
      const env = 'the-tests';
      for (const service of expected.services) {
        const isOurs = ({ resource }: { resource: OtlpSpan['resource'] }) =>
          resource['service.name'] === service;
        const found = await until(`${service} has sent all`, () => {
          const all = [collector.spans, collector.logs, collector.metrics].map((each) => each.find(isOurs));
          return all.every((each) => each !== undefined) && all;
        });
        for (const signal of found) {
          assert.partialDeepStrictEqual(signal?.resource, {
            'service.version': version,
            'deployment.environment.name': env,
          });
        }
        assert.equal(new Set(found.map((each) => each?.resource['service.instance.id'])).size, 1);
        assert.ok(
          lines().some((line) => line.service === service && line.version === version && line.env === env),
          `a line of ${service}`,
        );
      }
    });

    it('what /metrics shows arrives too', async () => {
      const { body: text } = await api.get('/metrics');
      const shown = [...String(text).matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = '', type = '']) => [
        name,
        type,
      ]);
      assert.ok(shown.length > 20);
      const edge = expected.services.find((name) => /gateway/.test(name)) ?? expected.services[0];
      const sent = (name: string, isIt: (metric: OtlpMetric) => boolean = () => true) =>
        until(`${name} has arrived`, () =>
          collector.metrics.findLast(
            (metric) => metric.name === name && metric.resource['service.name'] === edge && isIt(metric),
          ),
        );
      const types: Record<string, string> = { counter: 'sum', gauge: 'gauge', histogram: 'histogram' };
      for (const [name = '', type = ''] of shown) assert.equal((await sent(name)).type, types[type], name);
      const isOrder = ({ attributes }: OtlpMetric['points'][number]) =>
        attributes['endpoint'] === '/api/orders' && attributes['method'] === 'POST';
      const requests = await sent('http_requests_total', ({ points }) => points.some(isOrder));
      assert.ok(requests.isMonotonic && requests.isCumulative);
      const duration = await sent('http_request_duration_seconds', ({ points }) => points.some(isOrder));
      const point = duration.points.find(isOrder);
      assert.ok(duration.isCumulative && point && point.startedAt < point.at);
      assert.equal(point.counts.length, point.bounds.length + 1);
      assert.equal(
        point.counts.reduce((total, count) => total + count, 0),
        point.count,
      );
      assert.ok(point.value > 0 && point.count > 0);
    });

    it('nothing of a person is in them, nor what operators ask all the time', async () => {
      await api.get('/health/live');
      await api.get('/metrics');
      await api.get(`/api/products?q=${encodeURIComponent(customer.email)}`);
      await traceOf('GET /api/products', (trace) => trace.length > 0);
      const { spans, logs, metrics } = collector;
      const all = JSON.stringify({ spans, logs, metrics }, (_key, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
      );
      for (const secret of [customer.email, customer.password, customer.token, ADMIN.email, 'A Customer']) {
        assert.ok(!all.includes(secret) && !all.includes(encodeURIComponent(secret)), secret);
      }
      const paths = collector.spans.map(({ attributes }) => attributes['url.path']);
      assert.deepEqual(
        paths.filter((path) => /^\/(health|metrics)/.test(String(path))),
        [],
      );
    });

    it('the shop goes on without its collector, says so once, counts what is lost, and sends the rest when it stops', async () => {
      const { port } = new URL(collector.url);
      await collector.close();
      assert.equal((await api.get('/api/products')).status, 200);
      await until('it is said', () => /Traces do not reach/.test(shop.output));
      assert.equal((await api.placeOrder(customer.token, [{ productId, quantity: 1 }])).status, 201);
      const said = shop.output.match(/Traces do not reach 127\.0\.0\.1:\d+/g) ?? [];
      assert.ok(said.length <= expected.services.length, 'once for each process');
      for (const name of ['otel_spans_dropped_total', 'otel_logs_dropped_total']) {
        await until(`${name} counts`, async () =>
          new RegExp(`^${name}\\{reason="export_failed"\\} [1-9]`, 'm').test(
            (await api.get('/metrics')).body,
          ),
        );
      }
      collector = await OtlpCollector.open(Number(port));
      const { body } = await api.get('/api/nothing-at-all');
      assert.equal(await shop.stop(), 0);
      assert.ok(collector.trace(body.traceId).length > 0, 'what was finished is sent before the end');
      assert.ok(collector.logs.some(({ traceId }) => traceId === body.traceId));
      assert.ok(collector.metrics.some(({ name }) => name === 'otel_spans_dropped_total'));
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
        TRACE_TRUST_INCOMING: 'true',
      },
    });
    try {
      const traceId = '0af7651916cd43dd8448eb211c80319c';
      const { body } = await new Api(shop).call('GET', '/api/nothing', {
        headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
      });
      assert.equal(body.traceId, traceId);
      assert.equal(await shop.stop(), 0, shop.output);
      assert.deepEqual(collector.spans, []);
      assert.equal(collector.requests, 0, 'neither logs nor metrics');
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
