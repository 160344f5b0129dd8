import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatMoney, orderConfirmed, orderReturned, orderShipped } from './message.js';

describe('Messages', () => {
  it('show amounts with the decimals of their currency', () => {
    const shown = (amountMinor: number, currency: string) => formatMoney({ amountMinor, currency });
    assert.equal(shown(199_999, 'USD'), '$1,999.99');
    assert.equal(shown(5, 'USD'), '$0.05');
    assert.equal(shown(1_999, 'JPY'), '¥1,999');
    assert.equal(shown(1_000_000_000_000, 'EUR'), '€10,000,000,000.00');
  });

  it('name the order and what it cost', () => {
    const { subject, body } = orderConfirmed('Ada', '0197d3b5-7f00-7000-8000-0000deadbeef', {
      amountMinor: 100,
      currency: 'USD',
    });
    assert.equal(subject, 'Your order deadbeef is confirmed');
    assert.match(body, /Hello Ada,[\s\S]*\$1\.00/);
  });

  it('say that an order is on its way, and that it has come back', () => {
    const id = '0197d3b5-7f00-7000-8000-0000deadbeef';
    assert.equal(orderShipped('Ada', id).subject, 'Your order deadbeef is on its way');
    const { subject, body } = orderReturned('Ada', id, { amountMinor: 100, currency: 'USD' });
    assert.equal(subject, 'Your order deadbeef is back with us');
    assert.match(body, /\$1\.00 has come back to us/);
  });
});
