import { randomInt, randomUUID } from 'node:crypto';
import { Pool } from 'undici';

export interface Load {
  readonly concurrency: number;
  readonly seconds: number;
  readonly productIds: readonly string[];
  readonly tokens: readonly string[];
}

/** What clients saw. */
export interface Served {
  readonly orders: number;
  readonly seconds: number;
  /** Milliseconds of each answer, ascending. */
  readonly latencies: readonly number[];
}

const LINES = 2;

/**
 * Places orders from as many clients as the concurrency says, each sending the next when the last is answered.
 * @throws Error when an order is not confirmed at once
 */
export async function placeOrders(url: string, load: Load): Promise<Served> {
  const pool = new Pool(url, { connections: load.concurrency, pipelining: 1 });
  const latencies: number[] = [];
  const startedAt = performance.now();
  const endAt = startedAt + load.seconds * 1_000;
  const client = async (token: string): Promise<void> => {
    for (let now = performance.now(); now < endAt; now = performance.now()) {
      await placeOne(pool, token, pickProducts(load.productIds));
      latencies.push(performance.now() - now);
    }
  };
  const tokenOf = (index: number): string => load.tokens[index % load.tokens.length] ?? '';
  await Promise.all(Array.from({ length: load.concurrency }, (_, index) => client(tokenOf(index))));
  const seconds = (performance.now() - startedAt) / 1_000;
  await pool.close();
  return { orders: latencies.length, seconds, latencies: latencies.sort((one, other) => one - other) };
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
