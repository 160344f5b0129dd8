import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { until } from '../until.js';
import { ConsulAgent } from './consul-agent.js';

/** A service with a health check whose status the test sets. */
class Checked {
  status = 200;
  private readonly server: Server = createServer((_, response) => response.writeHead(this.status).end('so'));

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  stop(): void {
    this.server.close();
  }
}

describe('A fake Consul agent', () => {
  let agent: ConsulAgent;
  const get = async (path: string) => {
    const answer = await fetch(`${agent.url}${path}`);
    const text = await answer.text();
    return { status: answer.status, index: Number(answer.headers.get('x-consul-index')), text };
  };
  const put = (path: string, body: unknown) =>
    fetch(`${agent.url}${path}`, {
      method: 'PUT',
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const isWaiting = () => until('a request waits', () => agent.readersWaiting === 1);

  beforeEach(async () => {
    agent = await ConsulAgent.start({ everyMs: 3_600_000 });
  });
  afterEach(() => agent.stop());

  describe('keys and values', () => {
    it('are read one by one, raw, and all under a prefix', async () => {
      await put('/v1/kv/toy/A', 'one');
      agent.put('toy/B', '');
      agent.put('other', 'x');
      assert.equal((await get('/v1/kv/toy/A?raw')).text, 'one');
      const { text, index } = await get('/v1/kv/toy/?recurse');
      const [a, b] = JSON.parse(text);
      assert.deepEqual([a.Key, a.Value, b.Key, b.Value], ['toy/A', 'b25l', 'toy/B', null]);
      assert.equal(index, b.ModifyIndex);
      assert.deepEqual(JSON.parse((await get('/v1/kv/toy/?keys')).text), ['toy/A', 'toy/B']);
      assert.deepEqual(
        [(await get('/v1/kv/none')).status, (await get('/v1/kv/no/?recurse')).status],
        [404, 404],
      );
    });

    it('a read that names an index is answered at the next change of what it reads', async () => {
      agent.put('toy/A', '1');
      const { index } = await get('/v1/kv/toy/?recurse');
      const change = get(`/v1/kv/toy/?recurse&index=${index}&wait=60s`);
      await isWaiting();
      agent.put('other', 'does not wake it');
      agent.put('toy/A', '2');
      const { text, index: later } = await change;
      assert.equal(JSON.parse(text)[0].Value, Buffer.from('2').toString('base64'));
      assert.equal(later, index + 2);
    });

    it('a deletion is a change, and one of the last key too', async () => {
      agent.put('toy/A', '1');
      const { index } = await get('/v1/kv/toy/?recurse');
      const change = get(`/v1/kv/toy/?recurse&index=${index}&wait=60s`);
      await isWaiting();
      await fetch(`${agent.url}/v1/kv/toy/A`, { method: 'DELETE' });
      const answer = await change;
      assert.deepEqual([answer.status, answer.index > index], [404, true]);
    });

    it('a wait ends by itself, with what there is', async () => {
      agent.put('toy/A', '1');
      const { index } = await get('/v1/kv/toy/A');
      const answer = await get(`/v1/kv/toy/A?index=${index}&wait=1ms`);
      assert.deepEqual([answer.status, answer.index], [200, index]);
      assert.deepEqual(
        [(await get('/v1/kv/A?index=x')).status, (await get('/v1/kv/A?index=1&wait=x')).status],
        [400, 400],
      );
    });

    it('an index that goes back answers those who wait', async () => {
      agent.put('toy/A', '1');
      const { index } = await get('/v1/kv/toy/A');
      const change = get(`/v1/kv/toy/A?index=${index}&wait=60s`);
      await isWaiting();
      agent.goBackTo(3);
      assert.equal((await change).index, 3);
    });
  });

  describe('sessions', () => {
    const create = async (options: object) => {
      const answer = await put('/v1/session/create', options);
      return { status: answer.status, id: answer.ok ? ((await answer.json()) as { ID: string }).ID : '' };
    };
    const write = async (key: string, condition: string) =>
      (await put(`/v1/kv/${key}?${condition}`, 'x')).text();

    it('hold keys, which one of them alone can write then', async () => {
      const [one, other] = [await create({}), await create({})];
      assert.equal(await write('lock', `acquire=${one.id}`), 'true');
      assert.equal(await write('lock', `acquire=${other.id}`), 'false');
      assert.equal(await write('lock', `acquire=${one.id}`), 'true');
      const [entry] = JSON.parse((await get('/v1/kv/lock')).text);
      assert.deepEqual([entry.Session, entry.LockIndex], [one.id, 1]);
      assert.match(await write('lock', 'acquire=unknown'), /invalid session "unknown"/);
    });

    it('leave keys or delete them when they end, as they were made to', async () => {
      const [keeping, deleting] = [await create({}), await create({ TTL: '10s', Behavior: 'delete' })];
      await write('kept', `acquire=${keeping.id}`);
      await write('gone', `acquire=${deleting.id}`);
      agent.endSessionOf('gone');
      await put(`/v1/session/destroy/${keeping.id}`, '');
      assert.deepEqual(agent.keysUnder(''), ['kept']);
      assert.equal(JSON.parse((await get('/v1/kv/kept')).text)[0].Session, undefined);
      assert.equal((await put(`/v1/session/renew/${deleting.id}`, '')).status, 404);
    });

    it('are refused with a time to live that Consul does not take', async () => {
      assert.equal((await create({ TTL: '9s' })).status, 400);
      assert.equal((await create({ TTL: '10000ms' })).status, 200);
    });
  });

  it('writes a key on the condition that nobody else has', async () => {
    const write = async (index: number) => (await put(`/v1/kv/toy/A?cas=${index}`, 'x')).text();
    assert.deepEqual([await write(0), await write(0)], ['true', 'false']);
    const { index } = await get('/v1/kv/toy/A');
    assert.deepEqual([await write(index), await write(index)], ['true', 'false']);
  });

  describe('services', () => {
    const checked = new Checked();
    const register = (id: string) =>
      put('/v1/agent/service/register', {
        ID: id,
        Name: 'alpha',
        Address: '127.0.0.1',
        Port: checked.port,
        Meta: { rpc: '4000' },
        Check: {
          HTTP: `http://127.0.0.1:${checked.port}/health/ready`,
          Interval: '10m',
          Timeout: '3s',
          DeregisterCriticalServiceAfter: '30s',
        },
      });
    const passing = async (query = '') =>
      JSON.parse((await get(`/v1/health/service/alpha?passing${query}`)).text);

    before(() => checked.start());
    after(() => checked.stop());
    beforeEach(() => {
      checked.status = 200;
    });

    it('are healthy once their check has passed, which wakes those who wait for it', async () => {
      const { index } = await get('/v1/health/service/alpha?passing');
      const change = passing(`&index=${index}&wait=60s`);
      await isWaiting();
      assert.equal((await register('alpha-1')).status, 200);
      await change;
      const [found] = await until('the check has passed', async () => {
        const all = await passing();
        return all.length === 1 && all;
      });
      assert.deepEqual(
        [found.Service.ID, found.Service.Port, found.Service.Meta.rpc, found.Node.Address],
        ['alpha-1', checked.port, '4000', '127.0.0.1'],
      );
      assert.deepEqual(
        found.Checks.map((check: { Status: string }) => check.Status),
        ['passing', 'passing'],
      );
    });

    it('that fail their check are no longer among the passing, and are taken out after a while', async () => {
      await register('alpha-1');
      await until('the check has passed', async () => (await passing()).length === 1);
      checked.status = 503;
      const goodUntil = Date.now();
      await agent.runChecks();
      assert.deepEqual(await passing(), []);
      assert.equal(JSON.parse((await get('/v1/health/service/alpha')).text).length, 1);
      agent.reap(goodUntil + 59_000);
      assert.deepEqual(agent.serviceIds, ['alpha-1']);
      agent.reap(Date.now() + 61_000);
      assert.deepEqual(agent.serviceIds, []);
    });

    it('can be taken out, once', async () => {
      await register('alpha-1');
      const remove = () => put('/v1/agent/service/deregister/alpha-1', '');
      assert.deepEqual([(await remove()).status, (await remove()).status], [200, 404]);
      assert.equal((await put('/v1/agent/service/register', { ID: 'nameless' })).status, 400);
    });
  });

  it('can lose its leader, be down, and come back with what it knew', async () => {
    agent.put('A', '1');
    const { index } = await get('/v1/kv/A');
    const waiting = get(`/v1/kv/A?index=${index}&wait=60s`);
    await isWaiting();
    agent.fail(true);
    assert.deepEqual([(await waiting).status, (await get('/v1/status/leader')).status], [500, 500]);
    agent.fail(false);
    assert.equal((await get('/v1/status/leader')).text, '"127.0.0.1:8300"');
    const broken = assert.rejects(get(`/v1/kv/A?index=${index}&wait=60s`));
    await isWaiting();
    await agent.stop();
    await broken;
    await assert.rejects(get('/v1/kv/A'));
    await agent.resume();
    assert.equal((await get('/v1/kv/A?raw')).text, '1');
    agent.forgetEverything();
    assert.equal((await get('/v1/kv/A')).status, 404);
  });

  it('asks for its token, when it has one', async () => {
    const guarded = await ConsulAgent.start({ token: 'known' });
    const statusWith = async (headers: Record<string, string>) =>
      (await fetch(`${guarded.url}/v1/agent/self`, { headers })).status;
    assert.deepEqual(
      [
        await statusWith({}),
        await statusWith({ 'x-consul-token': 'other' }),
        await statusWith({ 'x-consul-token': 'known' }),
      ],
      [403, 403, 200],
    );
    await guarded.stop();
  });
});
