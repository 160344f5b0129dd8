import { errorTypeOf, inSpan, setOnSpan } from '@fissile/kit/observability';

interface Server {
  readonly database?: string | undefined;
  readonly host: string;
  readonly port: number;
}

/** TypeORM generates statements, so their number is unbounded. */
const REMEMBER_AT_MOST = 1_000;
/** After FROM and JOIN a name can also be a function. */
const TABLE =
  /\bINTO\s+"?([a-z_][\w.]*)|^\s*UPDATE\s+"?([a-z_][\w.]*)|\b(?:FROM|JOIN)\s+"?([a-z_][\w.]*)\b(?!\s*\()/i;
const summaries = new Map<string, string>();

/** Runs a statement in a span that records its operation and table, and none of its values. */
export function inSqlSpan<T>(
  query: unknown,
  { database, host, port }: Server,
  run: () => Promise<T>,
): Promise<T> {
  const summary = summaryOf(typeof query === 'string' ? query : String((query as { text?: unknown }).text));
  const [operation = summary, collection] = summary.split(' ', 2);
  const span = {
    name: summary,
    kind: 'client' as const,
    attributes: {
      'db.system.name': 'postgresql',
      'db.namespace': database ?? '',
      'db.operation.name': operation,
      'db.query.summary': summary,
      'server.address': host,
      'server.port': port,
      ...(collection !== undefined && { 'db.collection.name': collection }),
    },
  };
  return inSpan(span, async () => {
    try {
      return await run();
    } catch (error) {
      setOnSpan({ 'db.response.status_code': errorTypeOf(error) });
      throw error;
    }
  });
}

/** Returns the operation and the first table that a statement names, such as `INSERT outbox`. */
export function summaryOf(sql: string): string {
  const known = summaries.get(sql);
  if (known !== undefined) return known;
  const operation = /\b(SELECT|INSERT|UPDATE|DELETE)\b/i.exec(sql)?.[1] ?? /\w+/.exec(sql)?.[0] ?? 'SQL';
  const table = TABLE.exec(sql)
    ?.slice(1)
    .find((name) => name !== undefined);
  const summary = table === undefined ? operation.toUpperCase() : `${operation.toUpperCase()} ${table}`;
  if (summaries.size < REMEMBER_AT_MOST) summaries.set(sql, summary);
  return summary;
}
