import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { ConsulAgent, until } from '@fissile/kit/testing';
import { ConsulClient } from './consul-client.js';
import { ConsulWatch } from './consul-watch.js';

describe('A watch of Consul', () => {
  let agent: ConsulAgent;
  let watch: ConsulWatch;
  /** All that the watch has reported, in order: the values by key, or what happened to Consul. */
  let told: (Record<string, string> | string | undefined)[];

  const start = (options: { token?: string } = {}) => {
    told = [];
    watch = new ConsulWatch(new ConsulClient({ url: agent.url, ...options }), '/v1/kv/toy/?recurse', {
      onChange: (body) => told.push(body && valuesOf(body)),
      onLost: (reason) => told.push(`lost: ${reason}`),
      onFound: () => told.push('found'),
    });
    watch.start();
  };
  const valuesOf = (body: string): Record<string, string> =>
    Object.fromEntries(
      JSON.parse(body).map((entry: { Key: string; Value: string }) => [
        entry.Key,
        Buffer.from(entry.Value, 'base64').toString(),
      ]),
    );
  const waits = () => until('the watch waits for a change', () => agent.readersWaiting === 1);
  const hasTold = (count: number) => until(`${count} things were reported`, () => told.length >= count);

  beforeEach(async () => {
    agent = await ConsulAgent.start();
  });
  afterEach(async () => {
    await watch.stop();
    await agent.stop();
  });

  it('reports the values, then each change, and that all are deleted', async () => {
    agent.put('toy/A', '1');
    start();
    await waits();
    agent.put('elsewhere', 'x');
    agent.put('toy/A', '2');
    await hasTold(2);
    await waits();
    agent.delete('toy/A');
    await hasTold(3);
    assert.deepEqual(told, [{ 'toy/A': '1' }, { 'toy/A': '2' }, undefined]);
  });

  it('begins again when the index goes back, and sees what changes after that', async () => {
    agent.put('toy/A', '1');
    start();
    await waits();
    agent.goBackTo(2);
    await until(
      'it has asked without an index',
      () => agent.requests.filter((url) => !url.includes('index=')).length === 2,
    );
    await waits();
    agent.put('toy/A', '2');
    await until('the change is reported', () => isDeepStrictEqual(told.at(-1), { 'toy/A': '2' }));
  });

  it('reports once that Consul is lost, goes on polling, and reports what changed meanwhile', async () => {
    agent.put('toy/A', '1');
    start();
    await waits();
    await agent.stop();
    await hasTold(2);
    assert.match(String(told[1]), /^lost: /);
    agent.forgetEverything();
    agent.put('toy/A', '2');
    await agent.resume();
    await hasTold(4);
    assert.deepEqual([told.length, told[2], told[3]], [4, { 'toy/A': '2' }, 'found']);
  });

  it('takes an answer of 500 as a loss, and keeps what it knew', async () => {
    agent.put('toy/A', '1');
    start();
    await waits();
    agent.fail(true);
    await hasTold(2);
    agent.fail(false);
    await hasTold(3);
    await waits();
    assert.deepEqual(told, [{ 'toy/A': '1' }, 'lost: answered with 500: No cluster leader', 'found']);
  });

  it('finds a Consul that was not there at first', async () => {
    await agent.stop();
    start();
    await hasTold(1);
    agent.put('toy/A', '1');
    await agent.resume();
    await hasTold(3);
    assert.deepEqual(told.slice(1), [{ 'toy/A': '1' }, 'found']);
  });

  it('takes what its listener cannot read as no answer, until it can', async () => {
    const read: unknown[] = [];
    told = [];
    agent.put('toy/A', 'not a number');
    watch = new ConsulWatch(new ConsulClient({ url: agent.url }), '/v1/kv/toy/A?raw', {
      onChange: (body) => read.push(JSON.parse(body ?? '')),
      onLost: () => told.push('lost'),
      onFound: () => told.push('found'),
    });
    watch.start();
    await hasTold(1);
    agent.put('toy/A', '1');
    await hasTold(2);
    assert.deepEqual([told, read], [['lost', 'found'], [1]]);
  });

  it('sends its token', async () => {
    await agent.stop();
    agent = await ConsulAgent.start({ token: 'known' });
    start({ token: 'wrong' });
    await hasTold(1);
    assert.deepEqual(told, ['lost: answered with 403: ACL not found']);
    await watch.stop();
    start({ token: 'known' });
    await hasTold(1);
    assert.deepEqual(told, [undefined]);
  });

  it('stops at once, also while it waits', async () => {
    start();
    await waits();
    await watch.stop();
    await until('nobody waits', () => agent.readersWaiting === 0);
  });
});
