import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { ContextError } from '@fissile/kit/contract';
import { Balancer, type Outcome } from './balancer.js';
import { Discovery } from './discovery.js';
import type { DiscoverySettings } from './discovery.settings.js';
import { type Instance, instanceAt } from './endpoint.js';

const RULES = { EJECT_AFTER_FAILURES: 3, EJECT_MS: 1_000 } as DiscoverySettings;
const at = (address: string) => instanceAt({ address, httpPort: 80, rpcPort: 81 });
const BROKEN = ContextError.of('unavailable');

describe('The balancer', () => {
  let discovery: Discovery;
  let balancer: Balancer;
  let now: number;

  beforeEach(() => {
    now = 1_000;
    mock.method(performance, 'now', () => now);
    discovery = new Discovery('static', undefined);
    balancer = new Balancer(discovery, RULES);
  });

  afterEach(() => mock.restoreAll());

  const know = (...addresses: string[]) => discovery.found('alpha', addresses.map(at));
  const execute = <T>(send: (instance: Instance) => Promise<T>, tried = new Set<string>()) =>
    balancer.execute<T>({
      context: 'alpha',
      protocol: 'calls',
      tried,
      send,
      outcome: (error) => (error === BROKEN ? 'failed' : 'unknown'),
    });
  const chosen = (tried?: Set<string>) => execute(async ({ address }) => address, tried);
  const choices = async (count: number) => {
    const counts: Record<string, number> = {};
    for (let done = 0; done < count; done += 1) {
      const address = await chosen();
      counts[address] = (counts[address] ?? 0) + 1;
    }
    return counts;
  };
  /** Sends requests until the instance gets one, which then fails. */
  const failAt = async (address: string, outcome: Outcome = 'failed') => {
    const others = discovery.instancesOf('alpha').filter((instance) => instance.address !== address);
    const send = () => Promise.reject(BROKEN);
    const tried = new Set(others.map(({ id }) => id));
    const request = { context: 'alpha', protocol: 'calls', tried, send, outcome: () => outcome } as const;
    await assert.rejects(balancer.execute(request), BROKEN);
    assert.ok(tried.has(at(address).id), `${address} got a request`);
  };
  const ejected = () =>
    balancer
      .describe('alpha')
      .filter((view) => view.ejected)
      .map(({ instance }) => instance.address);

  it('fails when no instance is known', async () => {
    await assert.rejects(chosen(), { code: 'unavailable', message: 'alpha has no known instance' });
  });

  it('gives every instance its share', async () => {
    know('a', 'b', 'c');
    const counts = await choices(3_000);
    for (const address of ['a', 'b', 'c']) assert.ok((counts[address] ?? 0) > 800, JSON.stringify(counts));
  });

  it('waits for what was sent to an instance that has left, and for nothing else', async () => {
    know('a');
    const answers = new Map<string, () => void>();
    const send = ({ address }: Instance) => new Promise<void>((resolve) => answers.set(address, resolve));
    const toFormer = execute(send);
    await balancer.noneAwaitsThoseGone();
    know('b');
    const toPresent = execute(send);
    let isOver = false;
    const over = balancer.noneAwaitsThoseGone().then(() => (isOver = true));
    await setImmediate();
    assert.equal(isOver, false);
    answers.get('a')?.();
    await Promise.all([toFormer, over]);
    answers.get('b')?.();
    await toPresent;
  });

  it('prefers the one with fewer requests in flight', async () => {
    know('a', 'b');
    let end: () => void = () => undefined;
    let busy = '';
    const slow = execute(({ address }) => {
      busy = address;
      return new Promise<void>((resolve) => (end = resolve));
    });
    const free = busy === 'a' ? 'b' : 'a';
    assert.deepEqual(await choices(50), { [free]: 50 });
    const view = balancer.describe('alpha').map(({ instance, inFlight }) => [instance.address, inFlight]);
    assert.deepEqual(Object.fromEntries(view), { [busy]: 1, [free]: 0 });
    end();
    await slow;
    assert.equal(Object.keys(await choices(50)).length, 2);
  });

  it('keeps the in-flight counts of many even: none has more than a few more than another', async () => {
    know('a', 'b', 'c', 'd');
    const ends: (() => void)[] = [];
    const all = Array.from({ length: 200 }, () =>
      execute(() => new Promise<void>((resolve) => ends.push(resolve))),
    );
    const counts = balancer.describe('alpha').map(({ inFlight }) => inFlight);
    assert.ok(Math.max(...counts) - Math.min(...counts) <= 8, counts.join());
    for (const end of ends) end();
    await Promise.all(all);
  });

  it('goes to another instance when it tries again', async () => {
    know('a', 'b');
    for (let count = 0; count < 20; count += 1) {
      const tried = new Set<string>();
      const first = await chosen(tried);
      assert.notEqual(await chosen(tried), first);
      await chosen(tried);
    }
  });

  it('goes even to one that it leaves out, rather than twice to the same', async () => {
    know('a', 'b');
    const tried = new Set<string>();
    assert.equal(balancer.hasAnother('alpha', tried), true);
    for (let count = 0; count < 3; count += 1) await failAt('a');
    assert.equal(await chosen(tried), 'b');
    assert.equal(await chosen(tried), 'a');
    know('b');
    assert.equal(balancer.hasAnother('alpha', tried), false);
  });

  it('goes to the only one that is left when the one that failed has left meanwhile', async () => {
    const tried = new Set<string>();
    know('a');
    await chosen(tried);
    assert.equal(balancer.hasAnother('alpha', tried), false);
    know('b');
    assert.equal(balancer.hasAnother('alpha', tried), true);
    assert.equal(await chosen(tried), 'b');
    assert.equal(balancer.hasAnother('alpha', tried), false);
  });

  it('leaves an instance out that fails three times in a row, and lets it back after a while', async () => {
    know('a', 'b');
    await failAt('a');
    await failAt('a');
    assert.deepEqual(ejected(), []);
    await failAt('a');
    assert.deepEqual(ejected(), ['a']);
    assert.deepEqual(await choices(50), { b: 50 });
    now += 1_001;
    assert.deepEqual(ejected(), []);
    assert.equal(Object.keys(await choices(50)).length, 2);
  });

  it('leaves it out for longer each time that it fails at its return, and forgets that once it answers', async () => {
    know('a', 'b');
    for (let count = 0; count < 3; count += 1) await failAt('a');
    for (const pauseMs of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      now += pauseMs - 1;
      assert.deepEqual(ejected(), ['a'], `after ${pauseMs - 1} ms`);
      now += 2;
      assert.deepEqual(ejected(), [], `after ${pauseMs} ms`);
      await failAt('a');
    }
    now += 30_001;
    assert.equal(await chosen(new Set([at('b').id])), 'a');
    await failAt('a');
    assert.deepEqual(ejected(), [], 'it starts again');
  });

  it('counts failures in a row alone, and none that says nothing about the instance', async () => {
    know('a', 'b');
    for (let count = 0; count < 10; count += 1) {
      await failAt('a');
      await failAt('a');
      await failAt('a', 'answered');
      await failAt('a', 'unknown');
    }
    assert.deepEqual(ejected(), []);
  });

  it('does not count what was sent before the instance was left out', async () => {
    know('a');
    await Promise.allSettled(Array.from({ length: 20 }, () => execute(() => Promise.reject(BROKEN))));
    know('a', 'b');
    assert.deepEqual(ejected(), ['a']);
    now += 1_001;
    assert.deepEqual(ejected(), []);
  });

  it('never leaves all out', async () => {
    know('a', 'b');
    for (const address of ['a', 'b']) for (let count = 0; count < 3; count += 1) await failAt(address);
    assert.deepEqual(ejected(), []);
    const called = new Set<string>();
    const ask = ({ address }: Instance) => Promise.reject(called.add(address) && BROKEN);
    for (let count = 0; count < 50; count += 1) await assert.rejects(execute(ask), BROKEN);
    assert.equal(called.size, 2);
    know('a');
    for (let count = 0; count < 9; count += 1) await failAt('a');
    assert.equal(await chosen(), 'a');
  });

  it('ejects an instance by protocol', async () => {
    know('a', 'b');
    for (let count = 0; count < 3; count += 1) await failAt('a');
    const requests = { context: 'alpha', protocol: 'http', tried: new Set([at('b').id]) } as const;
    const send = async ({ address }: Instance) => address;
    assert.equal(await balancer.execute({ ...requests, send, outcome: () => 'failed' }), 'a');
  });

  it('knows nothing of an instance that left and comes back', async () => {
    know('a', 'b');
    for (let count = 0; count < 3; count += 1) await failAt('a');
    know('b', 'c');
    know('a', 'b');
    assert.deepEqual(ejected(), []);
  });
});
