import type pg from 'pg';
import { AnswerWatch } from './answer-watch.js';
import { BIGINT_AS_NUMBER } from './number-types.js';
import { PoolClient } from './pool-client.js';

/** What a transaction and a single statement need of a connection. */
export type StatementClient = Pick<PoolClient, 'run' | 'hold' | 'letGo'> & {
  query(sql: string): Promise<{ readonly command: string }>;
};

/**
 * A connection of a pool that is not ours, such as that of an application's own DataSource. Statements are sent one
 * after the other, because its driver may not be set up for several at once, and without names, because it may be
 * behind a pooler that keeps no prepared statements.
 */
class AdoptedClient implements StatementClient {
  private last: Promise<unknown> | undefined;
  /** How long statements may take is the application's own setting. */
  private readonly watch: AnswerWatch;

  constructor(private readonly client: pg.Client) {
    this.watch = new AnswerWatch(client, undefined);
    // Between two statements nothing else listens, and Node ends the process for an error event without a listener.
    client.on('error', () => undefined);
  }

  query(sql: string): Promise<pg.QueryResult> {
    return this.send({ text: sql });
  }

  async run<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return (await this.send({ text: sql, values: parameters })).rows as Row[];
  }

  hold(): void {}

  letGo(): void {}

  /** The first one is sent at once, before anything that is sent on the connection by others. */
  private send(statement: pg.QueryConfig): Promise<pg.QueryResult> {
    const send = (): Promise<pg.QueryResult> =>
      this.watch.over(this.client.query({ ...statement, types: BIGINT_AS_NUMBER }));
    const answer = this.last ? this.last.then(send) : send();
    const settled: Promise<void> = answer.then(
      () => this.forget(settled),
      () => this.forget(settled),
    );
    this.last = settled;
    return answer;
  }

  private forget(settled: Promise<void>): void {
    if (this.last === settled) this.last = undefined;
  }
}

const adopted = new WeakMap<pg.ClientBase, AdoptedClient>();

/** The connection as our statements use it, whichever pool it is from. */
export function statementClientOf(client: pg.ClientBase): StatementClient {
  if (client instanceof PoolClient) return client;
  const known = adopted.get(client) ?? new AdoptedClient(client as pg.Client);
  adopted.set(client, known);
  return known;
}
