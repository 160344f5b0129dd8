import { Logger } from '@nestjs/common';
import assert from 'node:assert/strict';
import { afterEach, before, beforeEach, describe, it } from 'node:test';
import { until } from '#libs/testing';
import { Discovery } from './discovery.js';
import { DnsSource } from './dns-source.js';

describe('Discovery by DNS', () => {
  let records: Record<string, readonly string[]>;
  let discovery: Discovery;
  let source: DnsSource;

  before(() => Logger.overrideLogger(false));

  beforeEach(() => {
    records = { 'fissile-orders': ['10.0.0.1', '10.0.0.2'], 'fissile-users': ['fd00::1'] };
    discovery = new Discovery('dns', undefined);
    const place = { httpPort: 3000, rpcPort: 4000 };
    const processes = [
      { name: 'orders', hosts: ['orders'] as const, places: [{ address: 'fissile-orders', ...place }] },
      { name: 'users', hosts: ['users'] as const, places: [{ address: 'fissile-users', ...place }] },
    ];
    source = new DnsSource(discovery, processes, 5, async (name) => {
      const found = records[name];
      if (!found) throw Object.assign(new Error(name), { code: 'ENOTFOUND' });
      return found;
    });
  });

  afterEach(() => source.stop());

  const orders = () => discovery.instancesOf('orders').map(({ id }) => id);

  it('takes every address that the host name of a process has for an instance, once it has started', async () => {
    await source.start();
    assert.deepEqual(orders(), ['10.0.0.1:3000', '10.0.0.2:3000']);
    assert.deepEqual(discovery.instancesOf('users'), [
      { id: '[fd00::1]:3000', address: 'fd00::1', httpPort: 3000, rpcPort: 4000 },
    ]);
  });

  it('looks again, and follows what it finds', async () => {
    await source.start();
    records = { ...records, 'fissile-orders': ['10.0.0.3', '10.0.0.2'] };
    await until('the new one is known', () => orders().includes('10.0.0.3:3000'));
    assert.deepEqual(orders(), ['10.0.0.2:3000', '10.0.0.3:3000']);
  });

  it('keeps those known last while a name has no address, and goes on by itself afterwards', async () => {
    await source.start();
    const before = records;
    records = { 'fissile-users': ['fd00::1'] };
    await until('it is noticed', () => discovery.isKept('orders'));
    assert.equal(orders().length, 2);
    assert.equal(discovery.registryIsUp, false);
    assert.equal(discovery.isKept('users'), false);
    records = before;
    await until('it is known again', () => discovery.registryIsUp && !discovery.isKept('orders'));
  });
});

describe('The look-up of addresses', () => {
  it('asks as the machine does', async () => {
    const discovery = new Discovery('dns', undefined);
    const places = [{ address: 'localhost', httpPort: 1, rpcPort: 2 }];
    const source = new DnsSource(discovery, [{ name: 'orders', hosts: ['orders'], places }], 60_000);
    await source.start();
    await source.stop();
    const found = discovery.instancesOf('orders').map(({ address }) => address);
    assert.ok(found.includes('127.0.0.1') || found.includes('::1'), found.join());
  });
});
