import pg from 'pg';
import { isTraced } from '#libs/tracing';
import { inSqlSpan } from './sql-span.js';

type Query = (...args: unknown[]) => unknown;

/**
 * A connection that may break at any time. Whoever uses it learns of it from the statement that fails; but between two
 * users nobody listens, and Node would end the process for an error event without a listener. Every statement passes
 * through here, whoever made it, so this is where traces see them.
 */
export class PoolClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }

  override query: pg.Client['query'] = ((...args: unknown[]): unknown => {
    const run = (): unknown => (super.query as Query).apply(this, args);
    if (!isTraced() || typeof args.at(-1) === 'function') return run();
    return inSqlSpan(args[0], this, run as () => Promise<unknown>);
  }) as pg.Client['query'];
}
