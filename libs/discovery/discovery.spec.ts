import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Discovery } from './discovery.js';
import { instanceAt, originOf } from './place.js';
import { StaticSource } from './static-source.js';

const at = (address: string, httpPort = 3000) => instanceAt({ address, httpPort, rpcPort: httpPort + 100 });

describe('Discovery', () => {
  let discovery: Discovery;
  let changes: string[];

  beforeEach(() => {
    changes = [];
    discovery = new Discovery('dns', 'a:3000');
    discovery.onChange((host) => changes.push(host));
  });

  const addresses = () => discovery.instancesOf('orders').map(({ address }) => address);

  it('knows what its source has found last, and tells of changes alone', () => {
    assert.deepEqual(addresses(), []);
    discovery.found('orders', [at('b'), at('a')]);
    discovery.found('orders', [at('a'), at('b')]);
    discovery.found('orders', [at('a'), at('c')]);
    assert.deepEqual(addresses(), ['a', 'c']);
    assert.deepEqual(changes, ['orders', 'orders']);
    assert.deepEqual(discovery.othersOf('orders'), [at('c')], 'all but this process');
  });

  it('keeps those known last when the source has none to tell, or cannot be asked, and says so', () => {
    discovery.found('orders', [at('a')]);
    discovery.found('users', [at('u')]);
    discovery.found('orders', []);
    assert.deepEqual(addresses(), ['a']);
    assert.equal(discovery.isKept('orders'), true);
    assert.equal(discovery.registryIsUp, true, 'it did answer');
    discovery.cannotAsk('users');
    assert.equal(discovery.instancesOf('users').length, 1);
    assert.deepEqual([discovery.isKept('users'), discovery.registryIsUp], [true, false]);
    discovery.found('users', [at('u')]);
    discovery.found('orders', [at('b')]);
    assert.deepEqual(addresses(), ['b']);
    assert.deepEqual(
      [discovery.isKept('orders'), discovery.isKept('users'), discovery.registryIsUp],
      [false, false, true],
    );
  });

  it('names each instance once, whatever it hosts', async () => {
    const places = [at('a'), at('b')];
    await new StaticSource(discovery, [{ name: 'core', hosts: ['orders', 'payments'], places }]).start();
    assert.deepEqual(discovery.all(), places);
    assert.deepEqual(discovery.instancesOf('payments'), places);
  });

  it('writes addresses of either kind as they stand in a URL', () => {
    assert.equal(originOf(at('10.0.0.1', 80)), 'http://10.0.0.1:80');
    assert.equal(originOf(at('fd00::1', 80)), 'http://[fd00::1]:80');
  });
});
