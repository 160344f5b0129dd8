import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  asPlaced,
  INITIAL_STATUS,
  type Order,
  ORDER_STATUSES,
  type OrderStatus,
  statusesBefore,
  TRANSITIONS,
} from './order.js';

describe('The statuses of an order', () => {
  it('can all be reached, and only a cancelled or returned order stays for ever', () => {
    const reached = new Set<OrderStatus>([INITIAL_STATUS]);
    for (const status of reached) for (const next of TRANSITIONS[status]) reached.add(next);
    assert.deepEqual([...reached].sort(), Object.keys(TRANSITIONS).sort());
    const ends = ORDER_STATUSES.filter((status) => TRANSITIONS[status].length === 0);
    assert.deepEqual(ends, ['cancelled', 'returned']);
  });

  it('let goods that have left the shop come back, and not be cancelled', () => {
    assert.deepEqual(statusesBefore('cancelling'), ['confirmed']);
    assert.deepEqual(statusesBefore('shipping'), ['confirmed']);
    assert.deepEqual(statusesBefore('returning'), ['shipped']);
  });
});

describe('asPlaced', () => {
  const order: Order = {
    id: 'o',
    userId: 'u',
    status: 'confirmed',
    lines: [],
    totalMinor: 1,
    currency: 'USD',
    paymentId: 'p',
    reason: null,
    cancelRequested: false,
    confirmedAt: new Date(1_000),
    createdAt: new Date(0),
    updatedAt: new Date(1_000),
  };

  it('shows a cancelled order as it was confirmed', () => {
    const reason = { code: 'cancelled_by_customer', message: '' };
    const cancelled = { ...order, status: 'cancelled' as const, reason, updatedAt: new Date(9_000) };
    assert.deepEqual(asPlaced(cancelled), order);
  });

  it('shows a shipped order as it was confirmed', () => {
    const shipped = { ...order, status: 'shipped' as const, updatedAt: new Date(9_000) };
    assert.deepEqual(asPlaced(shipped), order);
  });

  it('leaves an order that never was confirmed as it is', () => {
    const declined = { ...order, status: 'cancelled' as const, confirmedAt: null };
    assert.equal(asPlaced(declined), declined);
  });
});
