import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { CONTEXTS } from '#contracts';
import { Api } from '../harness/api.js';
import { Shop } from '../harness/shop.js';
import { until } from '@fissile/kit/testing';
import { alertRules, runbookQueries } from './alert-rules.js';
import { dashboards, queriesOf } from './dashboards.js';
import { describedMetrics } from './metrics-page.js';
import { PrometheusServer } from './prometheus-server.js';
import { providePrometheus } from './promtool.js';

const OPEN_METRICS = 'application/openmetrics-text';

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

function samplesOf(text: string): Sample[] {
  return [...text.matchAll(/^(\w+)(?:\{(.*?)\})? (\S+)/gm)].map(([, name = '', labels = '', value]) => ({
    name,
    labels: Object.fromEntries(
      [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = '', text]) => [label, text ?? '']),
    ),
    value: Number(value),
  }));
}

const prometheus = await providePrometheus();
// In CI, a check that could not run has failed.
const skip =
  prometheus || process.env['CI'] === 'true' ? false : 'Prometheus is missing: NO query was answered';

describe('The metrics', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fissile-metrics-'));
  const file = join(folder, 'metrics.json');
  let shop: Shop;
  let api: Api;

  before(async () => {
    const preload = pathToFileURL(resolve('dist/test/operate/write-metrics.js')).href;
    shop = await Shop.start({
      // Of the bundle, a module that is preloaded cannot reach the registry.
      main: 'dist/apps/monolith/src/main.js',
      env: {
        TOPOLOGY: 'monolith',
        TRACE_TRUST_INCOMING: 'true',
        NODE_OPTIONS: `--import=${preload}`,
        METRICS_FILE: file,
      },
    });
    api = new Api(shop);
  });

  after(async () => {
    await shop.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const scrape = async (): Promise<string> => (await api.get('/metrics')).body;
  const valueOf = async (name: string, wanted: Record<string, string>): Promise<number | undefined> =>
    samplesOf(await scrape()).find(
      (sample) =>
        sample.name === name &&
        Object.entries(wanted).every(([label, value]) => sample.labels[label] === value),
    )?.value;

  it('label routes by their templates alone, whatever paths and methods a client makes up', async () => {
    for (let made = 0; made < 20; made += 1) {
      await api.get(`/made-up/${made}`);
      await api.get(`/api/products/made-up-${made}`);
      await api.get(`/api/orders/${made}/timeline?q=${made}`);
      await api.call('DELETE', `/api/products/made-up-${made}/made-up-${made}`);
    }
    for (const method of ['PROPFIND', 'MKCOL', 'OPTIONS', 'HEAD']) await sendAs(method, '/made-up/1');
    const requests = samplesOf(await scrape()).filter(({ name }) => name === 'http_requests_total');
    const endpoints = new Set(requests.map(({ labels }) => labels['endpoint']));
    assert.deepEqual(
      [...endpoints].filter((endpoint) => /made-up|\d/.test(endpoint ?? '')),
      [],
    );
    assert.ok(endpoints.has('unmatched') && endpoints.has('/api/products/:id'));
    assert.ok(requests.length < 30, `${requests.length} series`);
  });

  /** Sends a request that fetch would not send. */
  function sendAs(method: string, path: string): Promise<void> {
    return new Promise((done) => {
      const sent = request(`${shop.url}${path}`, { method }, (response) => {
        response.resume().once('end', done);
      });
      sent.once('error', () => done()).end();
    });
  }

  it('count how placements, payments and notifications end', async () => {
    const admin = await api.admin();
    const productId = await api.product(admin, { stock: 2 });
    const { token } = await api.customer();
    const order = (method: string, quantity = 1) =>
      api.placeOrder(token, [{ productId, quantity }], { method });
    const confirmed = await order('pm_card_ok');
    await order('pm_card_declined');
    await order('pm_card_ok', 5);
    await api.post(`/api/orders/${confirmed.body.id}/cancel`, undefined, token);
    await api.orderAtRest(confirmed.body.id, token);
    for (const outcome of ['confirmed', 'payment_declined', 'stock_insufficient']) {
      assert.equal(await valueOf('orders_total', { outcome }), 1, outcome);
    }
    for (const outcome of ['captured', 'declined', 'refunded']) {
      assert.equal(await valueOf('payments_total', { outcome }), 1, outcome);
    }
    await until('all mails are sent', async () => {
      return ((await valueOf('notifications_total', { outcome: 'sent' })) ?? 0) >= 5;
    });
    assert.equal(await valueOf('inventory_oversold_products', {}), 0);
  });

  it('include the pools of every context', async () => {
    const pools = samplesOf(await scrape()).filter(({ name }) => name === 'database_pool_connections');
    const contexts = new Set(pools.map(({ labels }) => labels['context']));
    assert.deepEqual([...contexts].sort(), [...CONTEXTS].sort());
    assert.equal(await valueOf('database_pool_max_connections', { context: 'orders' }), 5);
    assert.equal(await valueOf('database_pool_waiting', { context: 'orders' }), 0);
    assert.equal(await valueOf('fissile_build_info', { name: 'monolith', topology: 'monolith' }), 1);
  });

  it('are written as OpenMetrics, with trace ids as exemplars, when requested', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
    await api.call('GET', '/api/products?limit=1', { headers });
    const accept = `${OPEN_METRICS};version=1.0.0,text/plain;q=0.5`;
    const answer = await api.call('GET', '/metrics', { headers: { accept } });
    assert.equal(answer.headers.get('content-type'), `${OPEN_METRICS}; version=1.0.0; charset=utf-8`);
    assert.ok(answer.body.endsWith('# EOF\n'));
    assert.match(answer.body, /^# TYPE http_requests counter$/m);
    assert.match(answer.body, /^http_requests_total\{/m);
    const exemplar = new RegExp(`endpoint="/api/products"} \\d+ # \\{trace_id="${traceId}"\\} [\\d.]+`);
    assert.match(answer.body, exemplar);
    const plain = await api.get('/metrics');
    assert.match(plain.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
    assert.match(plain.body, /^# TYPE http_requests_total counter$/m);
    assert.doesNotMatch(plain.body, /# \{|# EOF/, 'the older format knows no exemplars');
  });

  describe('read by Prometheus', { skip }, () => {
    let server: PrometheusServer;

    before(async () => {
      assert.ok(prometheus, 'Prometheus is missing, and could not be fetched');
      server = await PrometheusServer.start(prometheus, new URL(shop.url).host);
    });

    after(() => server?.stop());

    it('are scraped without an error, with their exemplars', async () => {
      const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
      const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
      await api.call('GET', '/api/products', { headers });
      type Exemplars = { exemplars: { labels: { trace_id: string } }[] }[];
      await until('the exemplar is there', async () => {
        const now = Date.now() / 1000;
        const found = await server.ask<Exemplars>('query_exemplars', {
          query: 'http_request_duration_seconds_bucket{endpoint="/api/products"}',
          start: String(now - 60),
          end: String(now + 60),
        });
        return found.flatMap(({ exemplars }) => exemplars).some(({ labels }) => labels.trace_id === traceId);
      });
      const { activeTargets } = await server.ask<{ activeTargets: object[] }>('targets');
      assert.equal(activeTargets.length, 1);
      assert.partialDeepStrictEqual(activeTargets[0], { health: 'up', lastError: '' });
    });

    it('are what every query of the dashboards, the alerts and the runbooks can be answered from', async () => {
      const queries = [
        ...dashboards().flatMap((dashboard) => queriesOf(dashboard)),
        ...alertRules().map(({ alert, expr }) => ({ where: alert, expr })),
        ...runbookQueries(),
      ];
      for (const { where, expr } of queries) {
        const query = expr.replace(/\$(\w+)/g, '.*');
        await server.ask('query', { query }).catch((error: unknown) => {
          assert.fail(`${where}: ${expr}: ${String(error)}`);
        });
      }
    });

    it('set off no alert in a shop that is well, except the one that always fires', async () => {
      type Rules = { groups: { rules: { name: string; state: string; health: string }[] }[] };
      await until('all alerts are evaluated', async () => {
        const { groups } = await server.ask<Rules>('rules');
        const rules = groups.flatMap((group) => group.rules);
        return rules.length === alertRules().length && rules.every(({ health }) => health === 'ok');
      });
      const { groups } = await server.ask<Rules>('rules');
      const states = groups.flatMap(({ rules }) => rules.map(({ name, state }) => `${name} ${state}`));
      assert.deepEqual(
        states.filter((state) => state.endsWith('firing')),
        ['Watchdog firing'],
      );
    });
  });

  it('are those that docs/metrics.md describes: no more, no less, with these types and labels', async () => {
    const types = new Map(
      [...(await scrape()).matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, type]) => [name, type]),
    );
    await shop.stop();
    const labels = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string[]>;
    const exported = Object.entries(labels).map(
      ([name, names]) => `${name} ${types.get(name)} ${names.join(' ')}`,
    );
    const described = describedMetrics().map(
      ({ name, type, labels: names }) => `${name} ${type} ${names.join(' ')}`,
    );
    assert.deepEqual(exported.sort(), described.sort());
  });
});
