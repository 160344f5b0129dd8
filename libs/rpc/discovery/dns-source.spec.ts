import { Logger } from '@nestjs/common';
import assert from 'node:assert/strict';
import { afterEach, before, beforeEach, describe, it } from 'node:test';
import { until } from '@fissile/kit/testing';
import { Discovery } from './discovery.js';
import { DnsSource } from './dns-source.js';
import { areNameServers, askSystem } from './resolve-addresses.js';

describe('Discovery by DNS', () => {
  let asked: string[];
  let holds: { ttlMs?: number };
  let records: Record<string, readonly string[]>;
  let discovery: Discovery;
  let source: DnsSource;

  before(() => Logger.overrideLogger(false));

  beforeEach(() => {
    asked = [];
    holds = {};
    records = { 'fissile-alpha': ['10.0.0.1', '10.0.0.2'], 'fissile-beta': ['fd00::1'] };
    discovery = new Discovery('dns', undefined);
    const place = { httpPort: 3000, rpcPort: 4000 };
    const processes = [
      { name: 'alpha', hosts: ['alpha'] as const, endpoints: [{ address: 'fissile-alpha', ...place }] },
      { name: 'beta', hosts: ['beta'] as const, endpoints: [{ address: 'fissile-beta', ...place }] },
    ];
    source = new DnsSource(discovery, processes, 5, async (name) => {
      const found = records[name];
      asked.push(name);
      if (!found) throw Object.assign(new Error(name), { code: 'ENOTFOUND' });
      return { addresses: found, ...holds };
    });
  });

  afterEach(() => source.stop());

  const alphas = () => discovery.instancesOf('alpha').map(({ id }) => id);

  it('treats every address of the host name of a process as an instance, once it has started', async () => {
    await source.start();
    assert.deepEqual(alphas(), ['10.0.0.1:3000', '10.0.0.2:3000']);
    assert.deepEqual(discovery.instancesOf('beta'), [
      { id: '[fd00::1]:3000', address: 'fd00::1', httpPort: 3000, rpcPort: 4000 },
    ]);
  });

  it('looks again, and follows what it finds', async () => {
    await source.start();
    records = { ...records, 'fissile-alpha': ['10.0.0.3', '10.0.0.2'] };
    await until('the new one is known', () => alphas().includes('10.0.0.3:3000'));
    assert.deepEqual(alphas(), ['10.0.0.2:3000', '10.0.0.3:3000']);
  });

  it('asks again for a name whose records hold no longer, and not before', async () => {
    holds = { ttlMs: 3_600_000 };
    const { 'fissile-beta': beta = [] } = records;
    records = { 'fissile-alpha': ['10.0.0.1'] };
    await source.start();
    holds = { ttlMs: 0 };
    records = { 'fissile-alpha': ['10.0.0.2'], 'fissile-beta': beta };
    const betas = () => asked.filter((name) => name === 'fissile-beta').length;
    await until('the other is asked for many times', () => betas() > 10);
    assert.equal(asked.length - betas(), 1);
    assert.deepEqual(alphas(), ['10.0.0.1:3000']);
  });

  it('keeps those known last while a name has no address, and goes on by itself afterwards', async () => {
    await source.start();
    const before = records;
    records = { 'fissile-beta': ['fd00::1'] };
    await until('it is noticed', () => discovery.isKept('alpha'));
    assert.equal(alphas().length, 2);
    assert.equal(discovery.registryIsUp, false);
    assert.equal(discovery.isKept('beta'), false);
    records = before;
    await until('it is known again', () => discovery.registryIsUp && !discovery.isKept('alpha'));
  });
});

describe('The look-up of addresses', () => {
  it('asks as the machine does', async () => {
    const discovery = new Discovery('dns', undefined);
    const endpoints = [{ address: 'localhost', httpPort: 1, rpcPort: 2 }];
    const processes = [{ name: 'alpha', hosts: ['alpha'], endpoints }];
    const source = new DnsSource(discovery, processes, 60_000, askSystem);
    await source.start();
    await source.stop();
    const found = discovery.instancesOf('alpha').map(({ address }) => address);
    assert.ok(found.includes('127.0.0.1') || found.includes('::1'), found.join());
  });
});

describe('Name servers', () => {
  it('are addresses, with a port or without', () => {
    assert.ok(areNameServers(['10.0.0.10', '127.0.0.1:8600', '::1', '[::1]:53']));
    for (const wrong of ['consul', 'consul:8600', '127.0.0.1:none'])
      assert.ok(!areNameServers([wrong]), wrong);
  });
});
