import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { trustedProxies } from './trusted-proxies.js';

describe('The proxies that are believed', () => {
  const read = (written: unknown) => trustedProxies().safeParse(written).data;

  it('are a number of them, as everywhere in Node', () => {
    assert.deepEqual(['1', '2', 3].map(read), [1, 2, 3]);
  });

  it('are addresses and networks', () => {
    assert.deepEqual(read('10.0.0.0/8, fc00::/7,192.0.2.1'), ['10.0.0.0/8', 'fc00::/7', '192.0.2.1']);
    assert.deepEqual(read(['loopback']), ['loopback']);
  });

  it('are all or none', () => {
    assert.deepEqual(['true', 'on', true].map(read), [true, true, true]);
    assert.deepEqual(['false', '0', '', 0, false].map(read), [false, false, false, false, false]);
  });

  it('are nothing else', () => {
    for (const written of [
      'proxy.example',
      '10.0.0.0/33',
      '300.1.1.1',
      '-1',
      '1.5',
      '99',
      'true, 10.0.0.1',
      '1, 2',
    ])
      assert.equal(read(written), undefined, written);
  });
});
