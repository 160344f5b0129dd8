import { randomInt, randomUUID } from 'node:crypto';
import { Pool } from 'undici';
import { runAtRate, runClients } from './clients.js';
import type { Served } from './figures.js';

/** As many connections as an open loop may have; requests beyond them wait, and their time counts. */
const MOST_CONNECTIONS = 256;

export interface Load {
  /** Clients that wait for their answers, or requests per second that come anyway. */
  readonly by: { readonly clients: number } | { readonly rate: number };
  readonly seconds: number;
  readonly productIds: readonly string[];
  readonly tokens: readonly string[];
}

const LINES = 2;

/**
 * Places orders.
 * @throws Error when an order is not confirmed in its first response
 */
export async function placeOrders(url: string, load: Load): Promise<Served> {
  const { by, seconds } = load;
  const connections = 'clients' in by ? by.clients : MOST_CONNECTIONS;
  const pool = new Pool(url, { connections, pipelining: 1 });
  const once = (client: number): Promise<void> =>
    placeOne(pool, load.tokens[client % load.tokens.length] ?? '', pickProducts(load.productIds));
  try {
    return 'clients' in by
      ? await runClients({ concurrency: by.clients, seconds }, once)
      : await runAtRate({ rate: by.rate, seconds }, once);
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
