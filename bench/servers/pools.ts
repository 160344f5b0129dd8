import pg from 'pg';

/** As many connections as each Fissile context keeps. */
const POOL_SIZE = 10;

// Amounts of money are bigint in the tables, and numbers in this code.
pg.defaults.parseInt8 = true;

/** A pool for the database of each context. */
export function openPools(): Record<'orders' | 'products' | 'inventory' | 'payments', pg.Pool> {
  return {
    orders: openPool('orders'),
    products: openPool('products'),
    inventory: openPool('inventory'),
    payments: openPool('payments'),
  };
}

export function openPool(name: string): pg.Pool {
  return new pg.Pool({ connectionString: databaseUrl(name), max: POOL_SIZE });
}

export function databaseUrl(name: string): string {
  const { BENCH_SERVER_URL = '', BENCH_DATABASE_PREFIX = '' } = process.env;
  const url = new URL(BENCH_SERVER_URL);
  url.pathname = `/${BENCH_DATABASE_PREFIX}_${name}`;
  return url.href;
}

/** Runs the function in one transaction. */
export async function transaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
