import { Injectable } from '@nestjs/common';
import type { Database } from '#libs/database';
import type { SagaDefinitions } from './saga-definitions.js';

export interface Watched {
  readonly database: Database;
  readonly definitions: SagaDefinitions;
}

/** The contexts of this process whose sagas are counted when somebody asks for metrics. */
@Injectable()
export class WatchedSagas {
  private readonly contexts = new Map<string, Watched>();

  add(watched: Watched): void {
    this.contexts.set(watched.database.context, watched);
  }

  /** A database that is away has no figures, which is told by its health. */
  async read<Row>(
    sql: string,
    use: (context: string, rows: Row[], watched: Watched) => void,
    parameters: (watched: Watched) => unknown[] = () => [],
  ): Promise<void> {
    const reads = [...this.contexts].map(async ([context, watched]) => {
      use(context, await watched.database.query<Row>(sql, parameters(watched)), watched);
    });
    await Promise.allSettled(reads);
  }
}
