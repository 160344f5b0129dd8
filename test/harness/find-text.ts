import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { brokerUrl, queryServer } from '@fissile/kit/testing';
import type { Shop } from './shop.js';

interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
}

const TEXTS = `
  SELECT table_name AS table, column_name AS column, data_type AS type FROM information_schema.columns
  JOIN information_schema.tables USING (table_schema, table_name)
  WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')
    AND data_type IN ('text', 'character varying', 'character', 'json', 'jsonb', 'bytea', 'xml', 'inet', 'ARRAY')
  ORDER BY 1, 2`;

/** Where one of the texts is kept, in any case of letters: columns of all databases of the shop, its output, its event stream. */
export async function findTexts(shop: Shop, texts: readonly string[]): Promise<string[]> {
  const found = await Promise.all([inDatabases(shop, texts), inStream(shop, texts)]);
  return [...found.flat(), ...texts.filter((text) => contains(shop.output, text)).map(() => 'the output')];
}

async function inDatabases({ databaseServerUrl, databasePrefix }: Shop, texts: readonly string[]) {
  const databases = await queryServer<{ datname: string }>(
    databaseServerUrl,
    'SELECT datname FROM pg_database WHERE starts_with(datname, $1) ORDER BY 1',
    [`${databasePrefix}_`],
  );
  const found: string[] = [];
  for (const { datname } of databases) {
    const ask = <Row extends object>(sql: string, values: unknown[] = []) =>
      queryServer<Row>(databaseServerUrl, sql, values, datname);
    for (const { table, column, type } of await ask<Column>(TEXTS)) {
      const matches =
        type === 'bytea'
          ? `position(convert_to(text, 'UTF8') IN "${column}") > 0`
          : `position(lower(text) IN lower("${column}"::text)) > 0`;
      const sql = `SELECT count(*)::integer AS count FROM "${table}", unnest($1::text[]) AS text WHERE ${matches}`;
      const [row] = await ask<{ count: number }>(sql, [texts]);
      if (row?.count) found.push(`${datname.slice(databasePrefix.length + 1)}.${table}.${column}`);
    }
  }
  return found;
}

/** NATS keeps every event of the last days, whoever has handled it. */
async function inStream({ databasePrefix }: Shop, texts: readonly string[]): Promise<string[]> {
  const url = brokerUrl('nats');
  if (url === undefined) return [];
  const connection = await connect({ servers: [new URL(url).host] });
  try {
    const { streams } = await jetstreamManager(connection);
    const name = `${databasePrefix}-events`;
    const info = await streams.info(name).catch(() => undefined);
    const found: string[] = [];
    for (let seq = info?.state.first_seq ?? 1; seq <= (info?.state.last_seq ?? 0); seq += 1) {
      const message = await streams.getMessage(name, { seq });
      const isFound = message && texts.some((text) => contains(message.string(), text));
      if (isFound) found.push(`the stream, in ${message.subject}`);
    }
    return found;
  } finally {
    await connection.close();
  }
}

function contains(whole: string, text: string): boolean {
  return whole.toLowerCase().includes(text.toLowerCase());
}
