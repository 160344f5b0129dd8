import type pg from 'pg';
import type { SentStatement } from '@fissile/kit/testing';

/** A node in the output of EXPLAIN (FORMAT JSON). */
interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Plan Rows': number;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly Node[];
}

/**
 * The maximum rows that a statement may read: a clean-up reads those of a batch once to find and once to delete them.
 */
const READ_AT_MOST = 8_000;
const SORT_AT_MOST = 1_000;

/**
 * The plan of a statement, and its execution unless it cannot be repeated: with its values, and, when it is prepared,
 * also as a generic plan.
 */
export async function explain(client: pg.Client, statement: SentStatement): Promise<Node[]> {
  const { text, values, settings } = statement;
  const planned = await planOf(client, settings, text, values);
  if (!statement.isPrepared || values.length === 0) return [planned];
  const literals = await literalsOf(client, values);
  await client.query(`PREPARE sent AS ${text}`);
  try {
    const forAny = [...settings, 'SET LOCAL plan_cache_mode = force_generic_plan'];
    return [planned, await planOf(client, forAny, `EXECUTE sent (${literals.join(', ')})`)];
  } finally {
    await client.query('DEALLOCATE sent');
  }
}

async function planOf(
  client: pg.Client,
  settings: readonly string[],
  text: string,
  values: readonly unknown[] = [],
): Promise<Node> {
  const run = async (options: string): Promise<Node> => {
    await client.query('BEGIN');
    try {
      for (const setting of settings) await client.query(setting);
      const { rows } = await client.query(`EXPLAIN (FORMAT JSON${options}) ${text}`, [...values]);
      return (rows as [{ 'QUERY PLAN': [{ Plan: Node }] }])[0]['QUERY PLAN'][0].Plan;
    } finally {
      await client.query('ROLLBACK');
    }
  };
  return run(', ANALYZE, TIMING OFF').catch(() => run(''));
}

/** The values as SQL: EXECUTE takes no others. */
async function literalsOf(client: pg.Client, values: readonly unknown[]): Promise<string[]> {
  const columns = values.map((_, index) => `quote_nullable($${index + 1}::text)`);
  const texts = values.map((value) =>
    value instanceof Uint8Array ? `\\x${Buffer.from(value).toString('hex')}` : value,
  );
  const { rows } = await client.query<{ literals: string[] }>(
    `SELECT ARRAY[${columns.join(', ')}] AS literals`,
    texts,
  );
  return rows[0]?.literals ?? [];
}

/**
 * The plan nodes whose cost grows with the number of rows; empty when there are none. @param large names of tables
 */
export function faultsOf(plan: Node, large: ReadonlySet<string>): string[] {
  const nodes = flatten(plan);
  const scans = nodes.filter(
    (node) => large.has(node['Relation Name'] ?? '') && /Scan/.test(node['Node Type']),
  );
  const sequential = scans.filter((node) => node['Node Type'] === 'Seq Scan' && rowsReadBy(node) !== 0);
  const sorts = nodes.filter(
    (node) => /Sort/.test(node['Node Type']) && (node['Actual Rows'] ?? node['Plan Rows']) > SORT_AT_MOST,
  );
  const read = scans.reduce((sum, node) => sum + (rowsReadBy(node) ?? 0), 0);
  return [
    ...sequential.map((node) => `reads ${node['Relation Name']} from its start`),
    ...sorts.map((node) => `sorts ${node['Actual Rows'] ?? node['Plan Rows']} rows`),
    ...(read > READ_AT_MOST ? [`reads ${read} rows`] : []),
  ];
}

/** The indexes that it uses, by table. */
export function indexesOf(plan: Node): string[] {
  return flatten(plan).flatMap((node) => node['Index Name'] ?? []);
}

/** The rows that it returned and those that it filtered out; undefined when it was not run. */
function rowsReadBy(node: Node): number | undefined {
  const given = node['Actual Rows'];
  if (given === undefined) return undefined;
  const leftOut = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  return Math.round((given + leftOut) * (node['Actual Loops'] ?? 1));
}

function flatten(node: Node): Node[] {
  return [node, ...(node.Plans ?? []).flatMap(flatten)];
}
