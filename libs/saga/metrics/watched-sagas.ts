import { Injectable } from '@nestjs/common';
import { sharedWhileUnderWay } from '@fissile/kit/async';
import type { Database } from '@fissile/kit/database';
import type { SagaDefinitions } from '../definition/saga-definitions.js';

const UNFINISHED = `
  SELECT name, version, status, count(*)::integer AS sagas,
    (count(*) FILTER (WHERE status = 'running' AND waiting IS NOT NULL))::integer AS waiting,
    (count(*) FILTER (WHERE attempts > 0))::integer AS failing,
    coalesce(extract(epoch FROM now() - min(created_at) FILTER (WHERE waiting IS NULL)), 0)::float8 AS "oldestSeconds"
  FROM sagas WHERE status IN ('running', 'compensating') GROUP BY name, version, status`;

export interface Watched {
  readonly database: Database;
  readonly definitions: SagaDefinitions;
}

/** The sagas of one definition that have not ended and have the same status. */
export interface UnfinishedSagas {
  readonly name: string;
  readonly version: number;
  readonly status: 'running' | 'compensating';
  readonly sagas: number;
  /** How many of them wait for an event or a time. */
  readonly waiting: number;
  /** How many of them have failed attempts at their current step. */
  readonly failing: number;
  /** The age of the oldest saga that does not wait. */
  readonly oldestSeconds: number;
}

/** The contexts of this process whose sagas are counted when metrics are scraped. */
@Injectable()
export class WatchedSagas {
  private readonly contexts = new Map<string, Watched>();

  add(watched: Watched): void {
    this.contexts.set(watched.database.context, watched);
  }

  remove(context: string): void {
    this.contexts.delete(context);
  }

  definitionsOf(context: string): SagaDefinitions | undefined {
    return this.contexts.get(context)?.definitions;
  }

  /**
   * By context. One query serves all metrics; an unavailable database has no values, and its health check reports it.
   */
  readonly unfinished = sharedWhileUnderWay(
    async (): Promise<ReadonlyMap<string, readonly UnfinishedSagas[]>> => {
      const found = new Map<string, UnfinishedSagas[]>();
      const reads = [...this.contexts].map(async ([context, { database }]) => {
        found.set(context, await database.query<UnfinishedSagas>(UNFINISHED));
      });
      await Promise.allSettled(reads);
      return found;
    },
  );
}
