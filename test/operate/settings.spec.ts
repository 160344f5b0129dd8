import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { Api, type Customer, type Json } from '../harness/api.js';
import { ConsulAgent, until } from '@fissile/kit/testing';
import { Shop } from '../harness/shop.js';
import { appProgram } from '../harness/app-program.js';

const PREFIX = 'shop/config';
/** It is polled every three seconds while it is unavailable; afterwards a change is visible within five. */
const ONCE_CONSUL_IS_BACK_MS = 15_000;

describe('Settings that change while the shop runs', () => {
  let consul: ConsulAgent;
  let shop: Shop;
  let api: Api;
  let admin: string;
  let customer: Customer;
  const env = (): Record<string, string> => ({
    TOPOLOGY: 'monolith',
    CONSUL_URL: consul.url,
    CONSUL_KV_PREFIX: PREFIX,
    THROTTLE_ENABLED: 'true',
    THROTTLE_RATE: '1000',
    THROTTLE_BURST: '5000',
    LOG_FORMAT: 'json',
  });

  before(async () => {
    consul = await ConsulAgent.start();
    // The shop starts while Consul is unavailable.
    await consul.stop();
    shop = await Shop.start({ env: env() });
    api = new Api(shop);
    admin = await api.admin();
    customer = await api.customer();
  });

  after(async () => {
    await shop.close();
    await consul.stop();
  });

  const put = (name: string, value: string) => consul.put(`${PREFIX}/${name}`, value);
  const limit = async () => (await api.get('/api/products', customer.token)).headers.get('ratelimit-limit');
  const limitIs = (wanted: string, withinMs = 5_000) =>
    until(`the burst is ${wanted}`, async () => (await limit()) === wanted, withinMs);
  const hasLogged = (text: string) => shop.output.includes(text);
  const changes = async (outcome: string) => {
    const { body } = await api.get('/metrics');
    return Number(new RegExp(`^config_changes_total{outcome="${outcome}"} (\\d+)`, 'm').exec(body)?.[1] ?? 0);
  };
  const ownSettings = async (): Promise<Json> =>
    (await api.get('/api/admin/settings', admin)).body.processes[0];
  /** Runs what `npm run config` runs after the build. */
  const showConfig = (...words: string[]) =>
    run({ ADMIN_PASSWORD: 'a-secret-of-this-test' }, 'config', ...words);
  const run = (others: Record<string, string>, ...words: string[]) =>
    new Promise<{ code: number; output: string }>((done) => {
      execFile(
        process.execPath,
        [appProgram('monolith'), ...words],
        { env: { ...process.env, ...env(), ...others } },
        (error, stdout, stderr) => done({ code: error ? 1 : 0, output: stdout + stderr }),
      );
    });

  it('are taken from files and environment while Consul is down, and from Consul as soon as it is there', async () => {
    assert.equal(await limit(), '5000');
    await until('its absence is logged', () => hasLogged('Consul does not answer'));
    assert.equal((await ownSettings()).consul, 'down');
    assert.equal((await api.get('/health')).body.consul, 'down');
    assert.equal((await api.get('/health/ready')).status, 200, 'it goes on without');
    put('THROTTLE_BURST', '4000');
    await consul.resume();
    await limitIs('4000', ONCE_CONSUL_IS_BACK_MS);
    assert.equal((await ownSettings()).consul, 'up');
    assert.partialDeepStrictEqual((await api.get('/health')).body, { status: 'healthy', consul: 'up' });
  });

  it('reach the rate limit', async () => {
    put('THROTTLE_BURST', '3000');
    await limitIs('3000');
    put('monolith/THROTTLE_BURST', '3500');
    await limitIs('3500');
    consul.delete(`${PREFIX}/monolith/THROTTLE_BURST`);
    await limitIs('3000');
    const { settings } = await ownSettings();
    const { value, source, live } = settings.find((one: Json) => one.name === 'THROTTLE_BURST');
    assert.deepEqual([value, source, live], ['3000', `consul ${PREFIX}/THROTTLE_BURST`, true]);
  });

  it('reach the log', async () => {
    put('LOG_LEVEL', 'error');
    await until('the level is taken', async () =>
      (await ownSettings()).settings.some((one: Json) => one.name === 'LOG_LEVEL' && one.value === 'error'),
    );
    put('THROTTLE_BURST', '3100');
    await limitIs('3100');
    put('LOG_LEVEL', 'info');
    put('THROTTLE_BURST', '3200');
    await limitIs('3200');
    put('THROTTLE_BURST', '3300');
    await until('there is a line about the change', () => hasLogged('THROTTLE_BURST is now 3300'));
    assert.ok(!hasLogged('THROTTLE_BURST is now 3100'));
  });

  it('that are wrong are refused, logged, counted and shown, and the last good one stays', async () => {
    const before = await changes('refused');
    put('THROTTLE_BURST', 'as-many-as-you-like');
    put('THROTTLE_RATE', '900');
    await until('the other change is taken', () => hasLogged('THROTTLE_RATE is now 900'));
    assert.equal(await limit(), '3300');
    assert.ok(hasLogged(`Rejected THROTTLE_BURST (consul ${PREFIX}/THROTTLE_BURST)`));
    assert.equal(await changes('refused'), before + 1);
    const refusal = {
      name: 'THROTTLE_BURST',
      source: `consul ${PREFIX}/THROTTLE_BURST`,
      reason: 'expected a whole number from 1 to 1000000',
    };
    assert.deepEqual((await ownSettings()).refused, [refusal]);

    const text = await showConfig();
    assert.equal(text.code, 1);
    assert.match(
      text.output,
      new RegExp(`THROTTLE_BURST \\(consul ${PREFIX}/THROTTLE_BURST\\): expected a whole`),
    );
    assert.match(text.output, /THROTTLE_RATE +900 +consul shop\/config\/THROTTLE_RATE +live/);
    assert.doesNotMatch(text.output, /a-secret-of-this-test|as-many/);
    const { refused } = JSON.parse((await showConfig('--json')).output);
    assert.deepEqual(refused, [refusal]);

    consul.delete(`${PREFIX}/THROTTLE_BURST`);
    await limitIs('5000');
    assert.equal((await showConfig()).code, 0);
  });

  it('are shown for a whole topology, with what is not the same for all of its processes', async () => {
    put('orders/LOG_LEVEL', 'debug');
    put('odrers/LOG_LEVEL', 'debug');
    put('users/HEADER_LIMIT_BYTES', 'many');
    const { code, output } = await run({ TOPOLOGY: 'split' }, 'config', '--json');
    const { process, differences, refused } = JSON.parse(output);
    assert.deepEqual([code, process], [1, null]);
    assert.deepEqual(
      differences.map((one: Json) => [one.process, one.name, one.value]),
      [['orders', 'LOG_LEVEL', 'debug']],
    );
    assert.deepEqual(refused.map(({ source }: Json) => source).sort(), [
      `consul ${PREFIX}/odrers/LOG_LEVEL`,
      `consul ${PREFIX}/users/HEADER_LIMIT_BYTES`,
    ]);
    for (const key of ['orders/LOG_LEVEL', 'odrers/LOG_LEVEL', 'users/HEADER_LIMIT_BYTES'])
      consul.delete(`${PREFIX}/${key}`);
  });

  it('that are not live wait for the next start', async () => {
    put('BODY_LIMIT_BYTES', '2048');
    await until('it is logged', () =>
      hasLogged('BODY_LIMIT_BYTES (consul shop/config/BODY_LIMIT_BYTES) takes effect'),
    );
    const { waiting } = await ownSettings();
    assert.deepEqual(waiting, [{ name: 'BODY_LIMIT_BYTES', source: `consul ${PREFIX}/BODY_LIMIT_BYTES` }]);
    assert.equal(await changes('needs_restart'), 1);
    consul.delete(`${PREFIX}/BODY_LIMIT_BYTES`);
  });

  it('stop orders and registrations, while what was placed before is answered as before', async () => {
    const product = await api.product(admin, { stock: 5 });
    const order = { items: [{ productId: product, quantity: 1 }], payment: { method: 'pm_card_ok' } };
    const place = (key: string) => api.post('/api/orders', order, customer.token, { 'idempotency-key': key });
    const register = () =>
      api.post('/api/users', {
        email: 'late@customers.example',
        password: 'a-long-enough-one',
        name: 'Late',
      });
    const placed = await place('first');
    assert.equal(placed.status, 201);
    put('FEATURE_ORDERS', 'off');
    put('FEATURE_REGISTRATION', 'off');
    const refused = await until('registrations are closed', async () => {
      const answer = await register();
      return answer.status === 403 && answer;
    });
    assert.equal(refused.body.code, 'registration_closed');
    const { status, headers, body } = await place('second');
    assert.deepEqual([status, body.code, headers.get('retry-after')], [503, 'orders_paused', '30']);
    assert.equal((await place('first')).body.id, placed.body.id);
    consul.delete(`${PREFIX}/FEATURE_ORDERS`);
    consul.delete(`${PREFIX}/FEATURE_REGISTRATION`);
    await until('orders are taken again', async () => (await place('second')).status === 201);
  });

  it('stay unchanged while Consul is down, and when it comes back with other data', async () => {
    put('THROTTLE_BURST', '2500');
    await limitIs('2500');
    await consul.stop();
    await until('it is missed', async () => (await ownSettings()).consul === 'down');
    assert.equal(await limit(), '2500');
    assert.match((await api.get('/metrics')).body, /^config_consul_up 0/m);
    assert.match((await showConfig()).output, /^Settings of monolith; Consul does not answer/);
    consul.forgetEverything();
    put('THROTTLE_BURST', '2600');
    await consul.resume();
    await limitIs('2600', ONCE_CONSUL_IS_BACK_MS);
  });

  it('that decide about money, addresses and proxies are refused and told, and those of the environment stay', async () => {
    const forbidden = {
      STRIPE_API_URL: 'http://x.example/',
      PAYMENT_PROVIDER: 'stripe',
      TRUST_PROXY: 'true',
      CORS_ORIGINS: '*',
    };
    for (const [name, value] of Object.entries(forbidden)) put(name, value);
    for (const name of Object.keys(forbidden)) {
      await until(`${name} is refused`, async () => hasLogged(`Rejected ${name} (consul ${PREFIX}/${name})`));
    }
    const { settings, refused } = await ownSettings();
    for (const name of Object.keys(forbidden)) {
      assert.notEqual(
        settings.find((setting: Json) => setting.name === name)?.source,
        `consul ${PREFIX}/${name}`,
      );
      assert.ok(
        refused.some((refusal: Json) => refusal.name === name),
        name,
      );
    }
    // A start goes on with what the environment says: what is wrong with this one is its port alone.
    const { output } = await run({ PORT: 'x', DATABASE_URL: 'postgres://127.0.0.1:1' });
    assert.match(output, /PORT \(environment\)/);
    assert.doesNotMatch(output, /STRIPE_SECRET_KEY \(not set\)/);
    for (const name of Object.keys(forbidden)) consul.delete(`${PREFIX}/${name}`);
  });

  it('prevent a start when they are wrong, and all errors are named', async () => {
    put('THROTTLE_RATE', '-1');
    put('ADMIN_PASSWORD', 'in-plain-sight');
    const { code, output } = await run({ PORT: 'x' });
    assert.equal(code, 1);
    assert.match(output, /PORT \(environment\): expected a whole number/);
    assert.match(output, /THROTTLE_RATE \(consul shop\/config\/THROTTLE_RATE\): expected a number above 0/);
    assert.match(
      output,
      /ADMIN_PASSWORD \(consul shop\/config\/ADMIN_PASSWORD\): secrets are not read from Consul/,
    );
    assert.doesNotMatch(output, /in-plain-sight/);
  });
});
