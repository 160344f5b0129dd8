import pg, { type ClientConfig, type Pool } from 'pg';
import { statementClientOf } from './adopted-client.js';
import { dropIdle } from './typeorm-adapter.js';

/** How long a check may take while all connections of the pool are in use. */
const WITHIN_MS = 1_500;
const ASK = `SELECT current_setting('transaction_read_only') = 'on' AS "readOnly"`;
const TOO_MANY_CONNECTIONS = '53300';

/**
 * Whether the database can only be read, as a replica. When all connections are in use, one outside the pool asks: a
 * busy pool is not a database that is down.
 */
export async function isReadOnly(pool: Pool, connection: ClientConfig): Promise<boolean> {
  const { idleCount, totalCount, options } = pool;
  const isBusy = idleCount === 0 && totalCount >= options.max;
  return isBusy ? askOutside(connection) : askInPool(pool);
}

/** A connection may be read-only since before the database became writable: only a new one tells. */
async function askInPool(pool: Pool): Promise<boolean> {
  if (!(await askOneOf(pool))) return false;
  dropIdle(pool);
  return askOneOf(pool);
}

/** A connection that is read-only, or does not answer, leaves the pool. */
async function askOneOf(pool: Pool): Promise<boolean> {
  const connection = await pool.connect();
  let leaves = true;
  try {
    leaves = answerIn(await statementClientOf(connection).run(ASK));
    return leaves;
  } finally {
    connection.release(leaves);
  }
}

async function askOutside(connection: ClientConfig): Promise<boolean> {
  const client = new pg.Client({
    ...connection,
    connectionTimeoutMillis: WITHIN_MS,
    query_timeout: WITHIN_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return answerIn((await client.query(ASK)).rows);
  } catch (error) {
    // A server that has no connection to spare is busy with those that it has.
    if ((error as { code?: unknown }).code === TOO_MANY_CONNECTIONS) return false;
    throw error;
  } finally {
    void client.end().catch(() => undefined);
  }
}

function answerIn([row]: readonly unknown[]): boolean {
  return (row as { readOnly: boolean } | undefined)?.readOnly === true;
}
