import pg from 'pg';

/**
 * A connection that may break at any time. Whoever uses it learns of it from the statement that fails; but between two
 * users nobody listens, and Node would end the process for an error event without a listener.
 */
export class PoolClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}
