import { Logger } from '@nestjs/common';
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { ConsulClient } from '@fissile/kit/config';
import { ConsulAgent, until } from '@fissile/kit/testing';
import { ConsulRegistration } from './consul-registration.js';
import { ConsulSource } from './consul-source.js';
import { Discovery } from './discovery.js';
import type { OwnProcess } from './endpoint.js';

const COMPONENTS = ['gateway', 'alpha', 'beta', 'gamma'];

/** A process to discover, as Consul sees it, and a process that discovers it. */
describe('Discovery by Consul', () => {
  let agent: ConsulAgent;
  let client: ConsulClient;
  let ready: Server;
  let isReady: boolean;
  let discovery: Discovery;
  let source: ConsulSource;
  let registrations: ConsulRegistration[];
  const requests: string[] = [];

  before(async () => {
    Logger.overrideLogger(false);
    ready = createServer((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      response.writeHead(isReady ? 200 : 503).end();
    });
    await new Promise<void>((listening) => ready.listen(0, listening));
  });

  after(() => ready.close());

  beforeEach(async () => {
    isReady = true;
    registrations = [];
    agent = await ConsulAgent.start();
    client = new ConsulClient({ url: agent.url });
    discovery = new Discovery('consul', undefined);
    source = new ConsulSource(discovery, client, 'toy', COMPONENTS);
  });

  afterEach(async () => {
    await source.stop();
    await Promise.all(registrations.map((registration) => registration.deregister()));
    await agent.stop();
  });

  /** All respond to the check at the same port, each at its own address. */
  const instance = (address: string, checkEveryMs = 50) => {
    const httpPort = (ready.address() as AddressInfo).port;
    const self: OwnProcess = {
      name: 'core',
      hosts: ['alpha', 'gamma'],
      address,
      httpPort,
      rpcPort: 4000,
    };
    const service = { prefix: 'toy', self, version: '1.2.3', checkEveryMs };
    const registration = new ConsulRegistration(client, service, 0);
    registrations.push(registration);
    return registration;
  };
  const addresses = () => discovery.instancesOf('alpha').map(({ address }) => address);
  const known = (...wanted: string[]) =>
    until(`${wanted.join(', ')} are known`, () => addresses().join() === wanted.join());
  /** Runs the checks at each poll, since the next one after a check that timed out may be long off. */
  const knownOnceChecked = (...wanted: string[]) =>
    until(`${wanted.join(', ')} are known`, async () => {
      await agent.runChecks();
      return addresses().join() === wanted.join();
    });

  it('finds those that have registered, with their ports, before its first use', async () => {
    await instance('127.0.0.1').register();
    await source.start();
    assert.deepEqual(addresses(), ['127.0.0.1']);
    const [found] = discovery.instancesOf('gamma');
    assert.equal(found?.rpcPort, 4000);
    assert.equal(found?.httpPort, (ready.address() as AddressInfo).port);
    assert.deepEqual(discovery.instancesOf('beta'), []);
  });

  it('registers with everything that a check needs, under an id that a successor at the same endpoint has too', async () => {
    await instance('127.0.0.1').register();
    const port = (ready.address() as AddressInfo).port;
    assert.deepEqual(agent.serviceIds.sort(), [`toy-alpha-127.0.0.1-${port}`, `toy-gamma-127.0.0.1-${port}`]);
    await instance('127.0.0.1').register();
    assert.equal(agent.serviceIds.length, 2);
    await agent.runChecks();
    assert.ok(requests.includes('GET /health/ready'));
  });

  it('is notified at once of an instance that registers, is not ready, is ready again, or deregisters', async () => {
    await source.start();
    await instance('127.0.0.1', 60_000).register();
    await knownOnceChecked('127.0.0.1');
    const second = instance('localhost', 60_000);
    await second.register();
    await knownOnceChecked('127.0.0.1', 'localhost');
    await second.deregister();
    await known('127.0.0.1');
    await instance('localhost').register();
    await known('127.0.0.1', 'localhost');
  });

  it('keeps those known last when all have gone or none is ready, and says so', async () => {
    await source.start();
    await instance('127.0.0.1').register();
    await known('127.0.0.1');
    isReady = false;
    await until('Consul lists no instance', () => discovery.isKept('alpha'));
    assert.deepEqual([addresses(), discovery.registryIsUp], [['127.0.0.1'], true]);
    isReady = true;
    await until('Consul lists it again', () => !discovery.isKept('alpha'));
  });

  it('keeps them while Consul is down, and recovers by itself when Consul has lost its data', async () => {
    await source.start();
    await instance('127.0.0.1').register();
    await known('127.0.0.1');
    await agent.stop();
    await until('it is noticed', () => discovery.isKept('alpha'));
    assert.deepEqual([addresses(), discovery.registryIsUp], [['127.0.0.1'], false]);
    agent.forgetEverything();
    await agent.resume();
    await until('it has registered again', () => agent.serviceIds.length === 2);
    await until('all is as before', () => discovery.registryIsUp && !discovery.isKept('alpha'));
    await instance('localhost').register();
    await known('127.0.0.1', 'localhost');
  });

  it('is notified of changes also after the index of Consul went back', async () => {
    await source.start();
    await instance('127.0.0.1').register();
    await known('127.0.0.1');
    await until('all wait for changes', () => agent.readersWaiting === COMPONENTS.length);
    agent.goBackTo(1);
    await instance('localhost').register();
    await known('127.0.0.1', 'localhost');
  });

  it('starts, and registers later, when Consul is not there yet', async () => {
    await agent.stop();
    await source.start();
    assert.deepEqual([addresses(), discovery.registryIsUp], [[], false]);
    await instance('127.0.0.1').register();
    await agent.resume();
    await known('127.0.0.1');
  });

  it('stops without Consul when that is down', async () => {
    const registration = instance('127.0.0.1');
    await registration.register();
    await agent.stop();
    await registration.deregister();
    await agent.resume();
  });

  it('ignores a service of the same name that is not of the product', async () => {
    const body = { Name: 'toy-alpha', Address: '10.0.0.9', Port: 80 };
    await client.ask('/v1/agent/service/register', { method: 'PUT', body });
    await instance('127.0.0.1').register();
    await source.start();
    assert.deepEqual(addresses(), ['127.0.0.1']);
  });
});
