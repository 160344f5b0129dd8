import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clientNetwork } from './client-network.js';

describe('The network of a client', () => {
  const cases = [
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:50123', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:cb00:7107', '203.0.113.7'],
    ['[::ffff:203.0.113.7]:443', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::1]:50123', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80::/64'],
    ['::1', '::/64'],
    ['unknown', 'unknown'],
    ['', ''],
  ] as const;
  for (const [address, expected] of cases) {
    it(`of ${address || 'nothing'} is ${expected || 'nothing'}`, () => {
      assert.equal(clientNetwork(address), expected);
    });
  }

  it('is another for another address of IPv4, and for another /64', () => {
    assert.notEqual(clientNetwork('203.0.113.7'), clientNetwork('203.0.113.8'));
    assert.notEqual(clientNetwork('2001:db8:1:2::1'), clientNetwork('2001:db8:1:3::1'));
  });
});
