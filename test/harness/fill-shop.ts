import pg from 'pg';
import { type ContextName } from '@fissile/kit/contract';
import { CONTEXTS } from '#contracts';
import type { Shop } from './shop.js';

export interface Filling {
  readonly orders: number;
  readonly products: number;
  readonly customers: number;
  /** The number of days until now over which they are spread. */
  readonly days: number;
}

/** The rows to add to a table: unnamed columns are copied from one existing row, the pattern. */
interface Rows {
  readonly table: string;
  readonly count: number;
  /** The condition that selects the pattern. */
  readonly like?: string;
  /** SQL by column, in which `n` counts from 1 and `pattern` is the row. */
  readonly columns: Readonly<Record<string, string>>;
}

const DAY_MS = 86_400_000;

/**
 * Adds the given number of orders, with all rows that they leave in every context, by SQL. The shop must have placed
 * a confirmed order, and have its product in stock; the added orders are copies of these. The shop may keep running.
 */
export async function fillShop(
  shop: Pick<Shop, 'databaseServerUrl' | 'databasePrefix'>,
  filling: Filling,
): Promise<void> {
  const start = Date.now() - filling.days * DAY_MS;
  const contexts = CONTEXTS.filter((context) => context in ROWS);
  await Promise.all(
    contexts.map(async (context) => {
      const url = new URL(shop.databaseServerUrl);
      url.pathname = `/${shop.databasePrefix}_${context}`;
      const client = new pg.Client({ connectionString: url.href });
      await client.connect();
      try {
        // The rows satisfy the foreign keys by construction, and none of them must survive the machine.
        await client.query(`SET session_replication_role = replica; SET synchronous_commit = off`);
        await client.query(functions(start, filling.days * DAY_MS));
        for (const rows of ROWS[context]?.(filling) ?? []) await insert(client, rows);
        await client.query('VACUUM ANALYZE');
      } finally {
        await client.end();
      }
    }),
  );
}

/** `at(n, of)` is the time of the nth, `id_at(kind, n, of)` a UUIDv7 of that time, the same in every context. */
function functions(start: number, spanMs: number): string {
  return `
    CREATE FUNCTION pg_temp.ms(n bigint, count bigint) RETURNS bigint IMMUTABLE LANGUAGE sql
      RETURN ${start} + ${spanMs} * n / count;
    CREATE FUNCTION pg_temp.at(n bigint, count bigint) RETURNS timestamptz IMMUTABLE LANGUAGE sql
      RETURN to_timestamp(pg_temp.ms(n, count) / 1000.0);
    CREATE FUNCTION pg_temp.id_at(kind text, n bigint, count bigint) RETURNS uuid IMMUTABLE LANGUAGE sql
      RETURN (lpad(to_hex(pg_temp.ms(n, count)), 12, '0') || '7' || kind || '8000' || lpad(to_hex(n), 12, '0'))::uuid;`;
}

/** Kinds of ids. */
const [USER, PRODUCT, ORDER, PAYMENT, SAGA, SESSION, EVENT, OTHER] = [
  '001',
  '002',
  '003',
  '004',
  '005',
  '006',
  '007',
  '008',
] as const;

const idOf = (kind: string, n: string, count: number): string => `pg_temp.id_at('${kind}', ${n}, ${count})`;
/** Rows of one customer, or product, are not adjacent. */
const oneOf = (count: number, n = 'n'): string => `1 + (${n} * 7919) % ${count}`;

const ROWS: Partial<Record<ContextName, (filling: Filling) => Rows[]>> = {
  users: ({ orders, customers }): Rows[] => [
    {
      table: 'users',
      count: customers,
      like: `'customer' = ANY(roles)`,
      columns: {
        id: idOf(USER, 'n', customers),
        email: `'customer-' || n || '@filled.example'`,
        created_at: `pg_temp.at(n, ${customers})`,
      },
    },
    {
      table: 'sessions',
      count: orders,
      columns: {
        id: idOf(SESSION, 'n', orders),
        user_id: idOf(USER, oneOf(customers), customers),
        created_at: `pg_temp.at(n, ${orders})`,
        ended_at: 'NULL',
      },
    },
    {
      table: 'refresh_tokens',
      count: orders,
      columns: {
        token_hash: `sha256(n::text::bytea)`,
        session_id: idOf(SESSION, 'n', orders),
        expires_at: `pg_temp.at(n, ${orders}) + interval '30 days'`,
        used_at: 'NULL',
      },
    },
    events(customers, 'true', idOf(USER, 'n', customers)),
  ],
  products: ({ products }): Rows[] => [
    {
      table: 'products',
      count: products,
      columns: {
        id: idOf(PRODUCT, 'n', products),
        sku: `'FILLED-' || n`,
        name: `'Filled ' || md5(n::text)`,
        category: `'category ' || n % 50`,
        status: `CASE WHEN n % 1000 = 0 THEN 'discontinued' ELSE 'active' END`,
        created_at: `pg_temp.at(n, ${products})`,
      },
    },
    events(products, 'true', idOf(PRODUCT, 'n', products)),
    audits(products, 'product.changed'),
  ],
  inventory: ({ orders, products }): Rows[] => [
    {
      table: 'stock',
      count: products,
      columns: { product_id: idOf(PRODUCT, 'n', products), on_hand: '1000000000', reserved: '0' },
    },
    {
      table: 'adjustments',
      count: products,
      columns: {
        id: idOf(OTHER, 'n', products),
        product_id: idOf(PRODUCT, 'n', products),
        delta: '1000000000',
        reason: `'count'`,
        created_at: `pg_temp.at(n, ${products})`,
      },
    },
    {
      table: 'reservations',
      count: orders,
      like: `status = 'reserved'`,
      columns: {
        order_id: idOf(ORDER, 'n', orders),
        product_ids: `ARRAY[${idOf(PRODUCT, oneOf(products), products)}]`,
        quantities: `ARRAY[1]`,
        created_at: `pg_temp.at(n, ${orders})`,
      },
    },
    events(orders, `type = 'inventory.reserved.v1'`, idOf(ORDER, 'n', orders)),
    audits(products, 'stock.adjusted'),
  ],
  payments: ({ orders, customers }): Rows[] => [
    {
      table: 'payments',
      count: orders,
      like: `status = 'captured'`,
      columns: {
        id: idOf(PAYMENT, 'n', orders),
        order_id: idOf(ORDER, 'n', orders),
        user_id: idOf(USER, oneOf(customers), customers),
        created_at: `pg_temp.at(n, ${orders})`,
      },
    },
    {
      table: 'refunds',
      count: Math.ceil(orders / 20),
      columns: {
        id: idOf(OTHER, 'n * 20', orders),
        payment_id: idOf(PAYMENT, 'n * 20', orders),
        amount_minor: '1',
        status: `'done'`,
        created_at: `pg_temp.at(n * 20, ${orders})`,
      },
    },
    {
      table: 'sandbox_charges',
      count: orders,
      like: `outcome = 'captured'`,
      columns: { key: `(${idOf(ORDER, 'n', orders)})::text`, created_at: `pg_temp.at(n, ${orders})` },
    },
    events(orders, `type = 'payments.captured.v1'`, idOf(PAYMENT, 'n', orders)),
  ],
  orders: ({ orders, products, customers }): Rows[] => [
    {
      table: 'orders',
      count: orders,
      like: `status = 'confirmed'`,
      columns: {
        id: idOf(ORDER, 'n', orders),
        user_id: idOf(USER, oneOf(customers), customers),
        payment_id: idOf(PAYMENT, 'n', orders),
        // A shop has shipped nearly all that it ever sold.
        status: `CASE WHEN n % 50 = 0 THEN 'cancelled' WHEN n % 200 = 1 THEN 'confirmed' ELSE 'shipped' END`,
        reason_code: `CASE WHEN n % 50 = 0 THEN 'cancelled_by_customer' END`,
        created_at: `pg_temp.at(n, ${orders})`,
        updated_at: `pg_temp.at(n, ${orders})`,
      },
    },
    {
      table: 'order_lines',
      count: 2 * orders,
      columns: {
        order_id: idOf(ORDER, '(n + 1) / 2', orders),
        position: 'n % 2',
        product_id: idOf(PRODUCT, oneOf(products), products),
      },
    },
    {
      table: 'idempotency_keys',
      count: orders,
      columns: {
        user_id: idOf(USER, oneOf(customers), customers),
        key: 'md5(n::text)',
        request_hash: 'sha256(n::text::bytea)',
        order_id: idOf(ORDER, 'n', orders),
      },
    },
    {
      table: 'sagas',
      count: orders,
      like: `status = 'completed'`,
      columns: {
        id: idOf(SAGA, 'n', orders),
        subject: `(${idOf(ORDER, 'n', orders)})::text`,
        status: `CASE WHEN n % 50 = 0 THEN 'compensated' ELSE 'completed' END`,
        created_at: `pg_temp.at(n, ${orders})`,
        updated_at: `pg_temp.at(n, ${orders})`,
        due_at: `pg_temp.at(n, ${orders})`,
        lease_until: `pg_temp.at(n, ${orders})`,
      },
    },
    events(orders, `type = 'orders.confirmed.v1'`, idOf(ORDER, 'n', orders)),
  ],
  notifications: ({ orders, customers }): Rows[] => [
    {
      table: 'notifications',
      count: orders,
      like: `type = 'orders.confirmed.v1' AND status = 'sent'`,
      columns: {
        id: idOf(OTHER, 'n', orders),
        event_id: idOf(EVENT, 'n', orders),
        user_id: idOf(USER, oneOf(customers), customers),
        order_id: idOf(ORDER, 'n', orders),
        recipient: `'customer-' || (${oneOf(customers)}) || '@filled.example'`,
        created_at: `pg_temp.at(n, ${orders})`,
        due_at: `pg_temp.at(n, ${orders})`,
      },
    },
    {
      table: 'inbox',
      count: orders,
      columns: { event_id: idOf(EVENT, 'n', orders), handled_at: `pg_temp.at(n, ${orders})` },
    },
  ],
};

function events(count: number, like: string, key: string): Rows {
  const at = `pg_temp.at(n, ${count})`;
  return {
    table: 'outbox',
    count,
    like,
    columns: {
      event_id: idOf(EVENT, 'n', count),
      key: `(${key})::text`,
      created_at: at,
      published_at: `${at} + interval '10 milliseconds'`,
    },
  };
}

/** @param second the action of some, in addition to that of most */
function audits(count: number, second: string): Rows {
  return {
    table: 'audit_log',
    count,
    columns: {
      id: idOf(OTHER, 'n', count),
      at: `pg_temp.at(n, ${count})`,
      action: `CASE WHEN n % 10 = 0 THEN '${second}' ELSE pattern.action END`,
    },
  };
}

async function insert(client: pg.Client, { table, count, like = 'true', columns }: Rows): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name = $1 AND is_identity = 'NO' ORDER BY ordinal_position`,
    [table],
  );
  const names = rows.map(({ name }) => name);
  const values = names.map((name) => columns[name] ?? `pattern.${name}`);
  await client.query(
    `INSERT INTO ${table} (${names.join(', ')})
     SELECT ${values.join(', ')} FROM generate_series(1::bigint, ${count}) AS n
     LEFT JOIN (SELECT * FROM ${table} WHERE ${like} LIMIT 1) AS pattern ON true`,
  );
}
