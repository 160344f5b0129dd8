import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Discovery } from './discovery.js';
import { instanceAt, originOf } from './endpoint.js';
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

  const addresses = () => discovery.instancesOf('alpha').map(({ address }) => address);

  it('has what its source has found last, and notifies of changes only', () => {
    assert.deepEqual(addresses(), []);
    discovery.found('alpha', [at('b'), at('a')]);
    discovery.found('alpha', [at('a'), at('b')]);
    discovery.found('alpha', [at('a'), at('c')]);
    assert.deepEqual(addresses(), ['a', 'c']);
    assert.deepEqual(changes, ['alpha', 'alpha']);
    assert.deepEqual(discovery.othersOf('alpha'), [at('c')], 'all but this process');
  });

  it('keeps the last known instances when the source has none or is unavailable, and says so', () => {
    discovery.found('alpha', [at('a')]);
    discovery.found('beta', [at('u')]);
    discovery.found('alpha', []);
    assert.deepEqual(addresses(), ['a']);
    assert.equal(discovery.isKept('alpha'), true);
    assert.equal(discovery.registryIsUp, true, 'it did answer');
    discovery.sourceUnavailable('beta');
    assert.equal(discovery.instancesOf('beta').length, 1);
    assert.deepEqual([discovery.isKept('beta'), discovery.registryIsUp], [true, false]);
    discovery.found('beta', [at('u')]);
    discovery.found('alpha', [at('b')]);
    assert.deepEqual(addresses(), ['b']);
    assert.deepEqual(
      [discovery.isKept('alpha'), discovery.isKept('beta'), discovery.registryIsUp],
      [false, false, true],
    );
  });

  it('names each instance once, whatever it hosts', async () => {
    const endpoints = [at('a'), at('b')];
    const processes = [{ name: 'core', hosts: ['alpha', 'gamma'], endpoints }];
    await new StaticSource(discovery, { processes, onChange: () => undefined }).start();
    assert.deepEqual(discovery.all(), endpoints);
    assert.deepEqual(discovery.instancesOf('gamma'), endpoints);
  });

  it('writes addresses of either kind as they stand in a URL', () => {
    assert.equal(originOf(at('10.0.0.1', 80)), 'http://10.0.0.1:80');
    assert.equal(originOf(at('fd00::1', 80)), 'http://[fd00::1]:80');
  });
});
