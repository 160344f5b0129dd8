import { connect as connectNats } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import {
  brokerUrl,
  queryServer,
  type RunningBroker,
  startBroker,
  startTestServer,
  type TestServer,
  until,
} from '@fissile/kit/testing';
import { Api, type Customer } from '../harness/api.js';
import { Shop } from '../harness/shop.js';

const LONG_MS = 150_000;
const role = `shop_${randomBytes(4).toString('hex')}`;
const secretOf = (name: string): string => `${name}-${randomBytes(24).toString('base64url')}`;

/** A running split shop whose calls go through Redis and whose events through NATS, and all of whose secrets are in files. */
describe(
  'A shop whose processes talk through brokers',
  {
    skip: !brokerUrl('redis') || !brokerUrl('nats'),
  },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'fissile-secrets-'));
    const internal = [secretOf('internal-old'), secretOf('internal-new')] as const;
    const keys = [secretOf('keys-old'), secretOf('keys-new')] as const;
    let server: TestServer;
    let redis: RunningBroker;
    let spy: Redis;
    let shop: Shop;
    let api: Api;
    let customer: Customer;
    let productId: string;
    /** Of the load: it ends with the test, whatever becomes of that. */
    let isOver = false;

    const fileOf = (name: string): string => join(folder, name);
    /** At once, as Kubernetes replaces files. */
    const put = (name: string, text: string): void => {
      writeFileSync(`${fileOf(name)}.new`, text);
      renameSync(`${fileOf(name)}.new`, fileOf(name));
    };
    const urlOf = (base: string, user: string, password: string): string => {
      const url = new URL(base);
      url.username = user;
      url.password = password;
      return url.href;
    };

    before(async () => {
      server = await startTestServer();
      redis = await startBroker('redis');
      spy = new Redis(redis.url);
      await spy.call('ACL', 'SETUSER', 'shop', 'on', '>redis-old', '~*', '&*', '+@all');
      await queryServer(server.url, `CREATE ROLE ${role} SUPERUSER LOGIN PASSWORD 'database-old'`);
      put('INTERNAL_AUTH_SECRET', internal[0]);
      put('AUTH_KEY_SECRET', keys[0]);
      put('DATABASE_URL', urlOf(server.url, role, 'database-old'));
      put('REDIS_URL', urlOf(redis.url, 'shop', 'redis-old'));
      const files = ['INTERNAL_AUTH_SECRET', 'AUTH_KEY_SECRET', 'DATABASE_URL', 'REDIS_URL'];
      shop = await Shop.start({
        env: {
          TOPOLOGY: 'split',
          TRANSPORT: 'redis',
          EVENT_BUS: 'nats',
          NATS_URL: brokerUrl('nats') ?? '',
          DATABASE_URL: '',
          REDIS_URL: '',
          ...Object.fromEntries(files.map((name) => [`${name}_FILE`, fileOf(name)])),
        },
      });
      api = new Api(shop);
      customer = await api.customer();
      productId = await api.product(await api.admin(), { stock: 100_000 });
    });

    afterEach(() => {
      isOver = true;
    });

    after(async () => {
      try {
        await shop?.close();
        await queryServer(server.url, `DROP ROLE IF EXISTS ${role}`);
      } finally {
        // What is left running would keep this process from ending.
        spy?.disconnect();
        await redis?.stop();
        await server?.stop();
        rmSync(folder, { recursive: true, force: true });
      }
    });

    const refusedAt = async (name: string, kind: string): Promise<number> => {
      const text = await (await fetch(`${shop.addressOf(name).http}/metrics`)).text();
      const lines = text.split('\n').filter((line) => line.startsWith('broker_messages_refused_total'));
      return lines
        .filter((line) => line.includes(`kind="${kind}"`))
        .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    };

    const frameOf = (head: object): Buffer => {
      const text = Buffer.from(JSON.stringify(head));
      const length = Buffer.alloc(4);
      length.writeUInt32BE(text.length);
      return Buffer.concat([length, text]);
    };

    it('shows whoever listens to the broker no token, and refuses his calls and answers', async () => {
      const ear = spy.duplicate();
      const heard: { channel: string; frame: Buffer }[] = [];
      ear.on('pmessageBuffer', (_pattern: Buffer, channel: Buffer, frame: Buffer) =>
        heard.push({ channel: channel.toString(), frame }),
      );
      await ear.psubscribe(`${shop.databasePrefix}.*`);
      assert.equal((await api.get('/api/orders', customer.token)).status, 200);
      assert.equal((await api.get('/api/users/me', customer.token)).status, 200);
      assert.ok(heard.length > 0, 'there are calls to be heard');
      for (const { frame } of heard) {
        assert.ok(!frame.includes(customer.token), 'a token travels in the clear');
        assert.ok(!frame.includes('authorization'));
      }
      const answers = heard.map(({ channel }) => channel).find((channel) => channel.includes('.answers.'));
      await spy.publish(
        `${shop.databasePrefix}.calls.users`,
        frameOf({
          id: randomUUID(),
          context: 'users',
          service: 'fissile.users.v1.Users',
          method: 'GetSigningKeys',
          metadata: {},
          timeoutMs: 1_000,
        }),
      );
      await until('the forged call is refused', async () => (await refusedAt('users', 'call')) === 1);
      if (answers !== undefined) {
        await spy.publish(answers, frameOf({ id: 'any' }));
        const names = [...shop.pids().keys()];
        await until('the forged answer is refused', async () => {
          const counts = await Promise.all(names.map((name) => refusedAt(name, 'answer')));
          return counts.some((count) => count === 1);
        });
      }
      ear.disconnect();
      assert.match(shop.output, /A message of the broker was refused: call, unsigned/);
    });

    it('does not believe a forged event', async () => {
      const nats = await connectNats({ servers: [new URL(brokerUrl('nats') ?? '').host] });
      const id = randomUUID();
      const email = `${id}@victims.example`;
      const envelope = {
        specversion: '1.0',
        id,
        source: '/users',
        type: 'users.registered.v1',
        subject: id,
        time: new Date().toISOString(),
        datacontenttype: 'application/json',
        data: { userId: id, email, name: 'Your parcel is held, pay at https://evil.example' },
      };
      for (const signature of [undefined, 'v1=Zm9yZ2Vk'])
        nats.publish(
          `${shop.databasePrefix}.events.0.users.registered.v1`,
          JSON.stringify({ ...envelope, signature }),
        );
      await nats.flush();
      await until('both are refused', async () => (await refusedAt('notifications', 'event')) === 2);
      await nats.close();
      const found = await queryServer<{ count: number }>(
        server.url,
        'SELECT count(*)::integer AS count FROM notifications WHERE recipient = $1',
        [email],
        `${shop.databasePrefix}_notifications`,
      );
      assert.equal(found[0]?.count, 0);
    });

    it('changes each of its secrets under load, and fails no request', async () => {
      isOver = false;
      const failures: string[] = [];
      let requests = 0;
      const loops: Promise<void>[] = [];
      const loop = (send: () => Promise<{ status: number; body: unknown }>): void => {
        const run = async (): Promise<void> => {
          while (!isOver) {
            requests += 1;
            const { status, body } = await send().catch((error: unknown) => ({
              status: 0,
              body: String(error),
            }));
            if (status === 0 || status >= 400) failures.push(`${status} ${JSON.stringify(body)}`);
          }
        };
        loops.push(run());
      };
      const load = (): void => {
        loop(() => api.get('/api/users/me', customer.token));
        loop(() => api.get('/api/orders', customer.token));
        loop(() => api.post('/api/auth/login', { email: customer.email, password: customer.password }));
        const order = { items: [{ productId, quantity: 1 }], payment: { method: 'pm_card_ok' } };
        loop(() => api.post('/api/orders', order, customer.token, { 'idempotency-key': randomUUID() }));
      };
      const changes = (name: string): number => shop.output.split(`${name} has changed`).length - 1;
      const change = async (name: string, text: string, processes: number): Promise<void> => {
        const before = changes(name);
        put(name, text);
        await until(`${name} is read again`, () => changes(name) >= before + processes, LONG_MS);
      };
      const all = shop.pids().size;
      load();
      // Each stage has reached all processes before the next one begins.
      const [old, next] = internal;
      for (const generations of [`${old}\n${next}`, `${next}\n${old}`, next])
        await change('INTERNAL_AUTH_SECRET', generations, all);
      const storedKeys = () =>
        queryServer<{ key: string }>(
          server.url,
          `SELECT encode(private_key, 'hex') AS key FROM signing_keys`,
          [],
          `${shop.databasePrefix}_users`,
        );
      const [before] = await storedKeys();
      await change('AUTH_KEY_SECRET', `${keys[1]}\n${keys[0]}`, 1);
      await until(
        'the keys are encrypted anew',
        async () => (await storedKeys())[0]?.key !== before?.key,
        LONG_MS,
      );
      await change('AUTH_KEY_SECRET', keys[1], 1);

      await spy.call('ACL', 'SETUSER', 'shop', '>redis-new');
      await change('REDIS_URL', urlOf(redis.url, 'shop', 'redis-new'), all);
      await spy.call('ACL', 'SETUSER', 'shop', '<redis-old');

      await queryServer(server.url, `ALTER ROLE ${role} PASSWORD 'database-new'`);
      const [{ now = '' } = {}] = await queryServer<{ now: string }>(server.url, 'SELECT now()::text AS now');
      // More connections are needed now.
      for (let times = 0; times < 4; times += 1) load();
      await change('DATABASE_URL', urlOf(server.url, role, 'database-new'), 1);
      await until('there are connections by the new password', async () => {
        const [row] = await queryServer<{ count: number }>(
          server.url,
          'SELECT count(*)::integer AS count FROM pg_stat_activity WHERE usename = $1 AND backend_start > $2::timestamptz',
          [role, now],
        );
        return (row?.count ?? 0) > 0;
      });
      isOver = true;
      await Promise.all(loops);
      assert.deepEqual(failures, [], `of ${requests} requests`);

      // A process that starts now has the new secrets alone.
      const pid = shop.signal('users', 'SIGKILL');
      await shop.isBack('users', pid);
      await until(
        'it serves with them',
        async () => {
          const { email, password } = customer;
          return (await api.post('/api/auth/login', { email, password })).status === 200;
        },
        LONG_MS,
      );
    });
  },
);
