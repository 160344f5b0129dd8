import { randomInt, randomUUID } from 'node:crypto';
import { Pool } from 'undici';
import { runClients } from './clients.js';
import type { Served } from './figures.js';

export interface Load {
  readonly concurrency: number;
  readonly seconds: number;
  readonly productIds: readonly string[];
  readonly tokens: readonly string[];
}

const LINES = 2;

/**
 * Places orders with the given number of concurrent clients.
 * @throws Error when an order is not confirmed in its first response
 */
export async function placeOrders(url: string, load: Load): Promise<Served> {
  const pool = new Pool(url, { connections: load.concurrency, pipelining: 1 });
  try {
    return await runClients(load, (client) =>
      placeOne(pool, load.tokens[client % load.tokens.length] ?? '', pickProducts(load.productIds)),
    );
  } finally {
    await pool.close();
  }
}

async function placeOne(pool: Pool, token: string, productIds: readonly string[]): Promise<void> {
  const items = productIds.map((productId) => ({ productId, quantity: 1 }));
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path: '/api/orders',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify({ items, payment: { method: 'pm_card_ok' } }),
  });
  const text = await body.text();
  if (statusCode !== 201 || !text.includes('"confirmed"')) {
    throw new Error(`an order was answered with ${statusCode}: ${text.slice(0, 300)}`);
  }
}

function pickProducts(productIds: readonly string[]): string[] {
  const picked = new Set<string>();
  while (picked.size < LINES) picked.add(productIds[randomInt(productIds.length)] ?? '');
  return [...picked];
}
