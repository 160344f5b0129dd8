import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { brokerSettings, brokerUrl, OtlpCollector, until } from '@fissile/kit/testing';
import { Api, type Customer, type Json } from '../harness/api.js';
import { Shop } from '../harness/shop.js';

const COMPONENTS = ['gateway', 'inventory', 'notifications', 'orders', 'payments', 'products', 'users'];

interface Case {
  readonly env: Readonly<Record<string, string>>;
  readonly processes: readonly string[];
  readonly isSkipped?: boolean;
}

/** Nothing is set that concerns a collector. */
const CASES: Readonly<Record<string, Case>> = {
  'one process': { env: { TOPOLOGY: 'monolith' }, processes: ['monolith'] },
  'processes that call each other over gRPC': {
    env: { TOPOLOGY: 'split', TRANSPORT: 'grpc' },
    processes: COMPONENTS,
  },
  'processes that call each other over NATS': {
    env: { TOPOLOGY: 'split', TRANSPORT: 'nats', EVENT_BUS: 'nats', ...brokerSettings() },
    processes: COMPONENTS,
    isSkipped: brokerUrl('nats') === undefined,
  },
};

/** What an order leaves in its trace, each with the context that does it. */
const OF_AN_ORDER = {
  'POST /api/orders': 'gateway',
  'place-order reserve-inventory': 'orders',
  'INSERT orders': 'orders',
  'INSERT outbox': 'inventory',
  'publish orders.confirmed.v1': 'orders',
  'process orders.confirmed.v1': 'notifications',
  'deliver orders.confirmed.v1': 'notifications',
};

for (const [name, { env, processes, isSkipped = false }] of Object.entries(CASES)) {
  describe(`Traces and logs without a collector, of ${name}`, { skip: isSkipped }, () => {
    const isSplit = processes.length > 1;
    let shop: Shop;
    let api: Api;
    let admin: string;
    let customer: Customer;
    let productId: string;
    let order: Json;

    before(async () => {
      shop = await Shop.start({ env: { ...env, LOG_LEVEL: 'debug', RECENT_SPANS: '5000' } });
      api = new Api(shop);
      admin = await api.admin();
      customer = await api.customer();
      productId = await api.product(admin, { stock: 5 });
      order = (await api.placeOrder(customer.token, [{ productId, quantity: 1 }])).body;
    });

    after(async () => shop.close());

    const list = async (what: 'traces' | 'logs', query: Readonly<Record<string, string>>): Promise<Json> => {
      const { status, body } = await api.get(
        `/api/admin/${what}?${new URLSearchParams(query).toString()}`,
        admin,
      );
      assert.equal(status, 200, JSON.stringify(body));
      return body;
    };
    const nameOf = (trace: Json): unknown => trace.name;

    /** The trace of the order, once all of it has ended. */
    const traceOfOrder = (): Promise<Json> =>
      until('the trace of the order is whole', async () => {
        const { items } = await list('traces', { text: 'place-order' });
        const found = items.find((trace: Json) => trace.name === 'POST /api/orders');
        if (!found) return undefined;
        const { body } = await api.get(`/api/admin/traces/${found.traceId}`, admin);
        const names = new Set(body.spans.map((span: Json) => span.name));
        return Object.keys(OF_AN_ORDER).every((each) => names.has(each)) ? body : undefined;
      });

    it('an order is a trace over all processes: calls, statements, events and the mail', async () => {
      const { spans, missing, traceId } = await traceOfOrder();
      assert.deepEqual(missing, []);
      for (const [span, component] of Object.entries(OF_AN_ORDER)) {
        const process = isSplit ? component : processes[0];
        assert.ok(
          spans.some((each: Json) => each.name === span && each.process === process),
          `${span} in ${process}`,
        );
      }
      const ids = new Set(spans.map(({ spanId }: Json) => spanId));
      const tops = spans.filter(({ parentSpanId }: Json) => !ids.has(parentSpanId));
      assert.deepEqual(tops.map(nameOf), ['POST /api/orders']);
      const { items } = await list('traces', { text: 'place-order' });
      const listed = items.find((trace: Json) => trace.traceId === traceId);
      assert.deepEqual(listed.processes, processes);
      assert.equal(listed.spans, spans.length);
      assert.ok(listed.totalMs >= listed.durationMs);
    });

    it('traces are found by process, duration and failure, page by page', async () => {
      assert.deepEqual((await list('traces', { process: 'nobody' })).items, []);
      assert.deepEqual((await list('traces', { minDurationMs: '3600000' })).items, []);
      const failed = (await list('traces', { failed: 'true', limit: '100' })).items;
      assert.ok(failed.every(({ error }: Json) => error !== null));
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await list('traces', {
          limit: '2',
          process: processes[0] as string,
          ...(cursor && { cursor }),
        });
        assert.ok(page.items.length <= 2);
        seen.push(...page.items.map(({ traceId }: Json) => traceId));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      assert.equal(new Set(seen).size, seen.length);
      assert.ok(seen.includes((await traceOfOrder()).traceId));
    });

    it('what operators read, and what processes poll, is no trace', async () => {
      const names = (await list('traces', { limit: '100' })).items.map(nameOf);
      assert.ok(names.includes('POST /api/orders'));
      assert.deepEqual(
        names.filter((each: string) => /admin|ListRevocations/.test(each)),
        [],
      );
    });

    it('the saga of the order, and its log lines, lead to its trace', async () => {
      const { traceId } = await traceOfOrder();
      const { items } = (await api.get('/api/admin/sagas', admin)).body;
      assert.equal(items.find(({ subject }: Json) => subject === order.id).traceId, traceId);
      const lines = (await list('logs', { traceId, limit: '100' })).items;
      assert.ok(lines.every((line: Json) => line.traceId === traceId));
      const step = lines.find(({ message }: Json) => /^place-order: confirm-order is done/.test(message));
      assert.equal(step.process, isSplit ? 'orders' : processes[0]);
      assert.equal(step.fields.userId, customer.id);
    });

    it('log lines of all processes come newest first, page by page, and are found by process, level, text and time', async () => {
      // One that has little to do may have none among the newest.
      for (const process of processes) {
        const own = (await list('logs', { process })).items;
        assert.ok(own.length > 0 && own.every((line: Json) => line.process === process), process);
      }
      const all = (await list('logs', { limit: '100' })).items;
      assert.equal(new Set(all.map(({ process }: Json) => process)).size > 1, isSplit);
      const times = all.map(({ at }: Json) => at);
      assert.deepEqual(times, [...times].sort().reverse());
      // Of what is over, so that nothing is added between the pages.
      const { traceId } = await traceOfOrder();
      const whole = (await list('logs', { traceId, limit: '100' })).items;
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await list('logs', { traceId, limit: '3', ...(cursor && { cursor }) });
        seen.push(...page.items.map(({ id }: Json) => id));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      assert.deepEqual(
        seen,
        whole.map(({ id }: Json) => id),
      );
      const loud = (await list('logs', { level: 'info', limit: '100' })).items;
      assert.ok(loud.every(({ level }: Json) => level !== 'debug'));
      const found = (await list('logs', { text: 'CONFIRM-ORDER is done' })).items;
      assert.ok(found.length > 0);
      const since = new Date(Date.now() + 60_000).toISOString();
      assert.deepEqual((await list('logs', { since })).items, []);
    });

    it('both are for admins alone', async () => {
      for (const path of ['traces', 'logs', `traces/${'a'.repeat(32)}`]) {
        assert.equal((await api.get(`/api/admin/${path}`, customer.token)).status, 403);
        assert.equal((await api.get(`/api/admin/${path}`)).status, 401);
      }
    });

    if (isSplit) {
      it('a process that hangs is named, and hides nothing of the others', async () => {
        const { traceId } = await traceOfOrder();
        shop.signal('payments', 'SIGSTOP');
        try {
          const missing = [{ process: 'payments', reason: 'deadline_exceeded' }];
          const traces = await list('traces', { text: 'place-order' });
          assert.deepEqual(traces.missing, missing);
          assert.ok(traces.items.some((trace: Json) => trace.traceId === traceId));
          const { body } = await api.get(`/api/admin/traces/${traceId}`, admin);
          assert.deepEqual(body.missing, missing);
          assert.ok(body.spans.length > 0 && body.spans.every(({ process }: Json) => process !== 'payments'));
          const logs = await list('logs', { text: 'place-order' });
          assert.deepEqual(logs.missing, missing);
          assert.ok(logs.items.length > 0);
          const unknown = await api.get(`/api/admin/traces/${'a'.repeat(32)}`, admin);
          assert.equal(unknown.body.code, 'unavailable');
          const ofOthers = await list('logs', { process: 'orders' });
          assert.deepEqual(ofOthers.missing, []);
        } finally {
          shop.signal('payments', 'SIGCONT');
        }
      });
    }
  });
}

describe('Traces and logs that are turned off', () => {
  let collector: OtlpCollector;
  let shop: Shop;
  let api: Api;
  let admin: string;

  before(async () => {
    collector = await OtlpCollector.open();
    const logs = {
      LOG_LEVEL: 'debug',
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${collector.url}/v1/logs`,
      OTEL_BLRP_SCHEDULE_DELAY: '100',
    };
    shop = await Shop.start({
      env: { TOPOLOGY: 'monolith', RECENT_SPANS: '0', RECENT_LOG_MIB: '0', ...logs },
    });
    api = new Api(shop);
    admin = await api.admin();
  });

  after(async () => {
    await shop.close();
    await collector.close();
  });

  it('are none, and the process that keeps none is named', async () => {
    const traces = await api.get('/api/admin/traces', admin);
    assert.deepEqual(traces.body, { items: [], nextCursor: null, missing: [], off: ['monolith'] });
    const logs = await api.get('/api/admin/logs', admin);
    assert.deepEqual(logs.body, { items: [], nextCursor: null, missing: [] });
  });

  it('leave log lines their trace ids, also where they are sent', async () => {
    const sent = await until('the line of a request has arrived', () =>
      collector.logs.find(({ body }) => /^POST \/api\/auth\/login 200/.test(String(body))),
    );
    assert.match(String(sent.attributes['traceId']), /^[0-9a-f]{32}$/);
  });
});
