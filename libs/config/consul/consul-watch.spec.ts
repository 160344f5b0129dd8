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
  let reported: (Record<string, string> | string | undefined)[];

  const start = (options: { token?: string } = {}) => {
    reported = [];
    watch = new ConsulWatch(new ConsulClient({ url: agent.url, ...options }), '/v1/kv/toy/?recurse', {
      onChange: (body) => reported.push(body && valuesOf(body)),
      onLost: (reason) => reported.push(`lost: ${reason}`),
      onFound: () => reported.push('found'),
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
  const hasReported = (count: number) =>
    until(`${count} things were reported`, () => reported.length >= count);

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
    agent.put('other', 'x');
    agent.put('toy/A', '2');
    await hasReported(2);
    await waits();
    agent.delete('toy/A');
    await hasReported(3);
    assert.deepEqual(reported, [{ 'toy/A': '1' }, { 'toy/A': '2' }, undefined]);
  });

  it('begins again when the index goes back, and sees what changes after that', async () => {
    agent.put('toy/A', '1');
    start();
    await waits();
    agent.goBackTo(2);
    await until(
      'it has sent a request without an index',
      () => agent.requests.filter((url) => !url.includes('index=')).length === 2,
    );
    await waits();
    agent.put('toy/A', '2');
    await until('the change is reported', () => isDeepStrictEqual(reported.at(-1), { 'toy/A': '2' }));
  });

  it('reports once that Consul is lost, goes on polling, and reports what changed meanwhile', async () => {
    agent.put('toy/A', '1');
    start();
    await waits();
    await agent.stop();
    await hasReported(2);
    assert.match(String(reported[1]), /^lost: /);
    agent.forgetEverything();
    agent.put('toy/A', '2');
    await agent.resume();
    await hasReported(4);
    assert.deepEqual([reported.length, reported[2], reported[3]], [4, { 'toy/A': '2' }, 'found']);
  });

  it('treats an answer of 500 as a lost connection, and keeps what it knew', async () => {
    agent.put('toy/A', '1');
    start();
    await waits();
    agent.fail(true);
    await hasReported(2);
    agent.fail(false);
    await hasReported(3);
    await waits();
    assert.deepEqual(reported, [{ 'toy/A': '1' }, 'lost: answered with 500: No cluster leader', 'found']);
  });

  it('finds a Consul that was not there at first', async () => {
    await agent.stop();
    start();
    await hasReported(1);
    agent.put('toy/A', '1');
    await agent.resume();
    await hasReported(3);
    assert.deepEqual(reported.slice(1), [{ 'toy/A': '1' }, 'found']);
  });

  it('treats what its listener cannot read as no answer, until it can', async () => {
    const read: unknown[] = [];
    reported = [];
    agent.put('toy/A', 'not a number');
    watch = new ConsulWatch(new ConsulClient({ url: agent.url }), '/v1/kv/toy/A?raw', {
      onChange: (body) => read.push(JSON.parse(body ?? '')),
      onLost: () => reported.push('lost'),
      onFound: () => reported.push('found'),
    });
    watch.start();
    await hasReported(1);
    agent.put('toy/A', '1');
    await hasReported(2);
    assert.deepEqual([reported, read], [['lost', 'found'], [1]]);
  });

  it('sends its token', async () => {
    await agent.stop();
    agent = await ConsulAgent.start({ token: 'known' });
    start({ token: 'wrong' });
    await hasReported(1);
    assert.deepEqual(reported, ['lost: answered with 403: ACL not found']);
    await watch.stop();
    start({ token: 'known' });
    await hasReported(1);
    assert.deepEqual(reported, [undefined]);
  });

  it('stops at once, also while it waits', async () => {
    start();
    await waits();
    await watch.stop();
    await until('no reader waits', () => agent.readersWaiting === 0);
  });
});
