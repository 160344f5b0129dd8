import { Injectable } from '@nestjs/common';
import { makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import type { Database, PoolUse } from './database.js';

/** The databases of this process whose connections are counted when metrics are scraped. */
@Injectable()
export class WatchedPools {
  private readonly databases = new Map<string, Database>();

  add(database: Database): void {
    this.databases.set(database.context, database);
  }

  read(use: (context: string, pool: PoolUse) => void): void {
    for (const [context, { poolUse }] of this.databases) use(context, poolUse);
  }
}

function figureOfContext(name: string, help: string, figureOf: (pool: PoolUse) => number) {
  return makeGaugeProvider({
    name,
    help,
    labelNames: ['context'],
    inject: [WatchedPools],
    collect(this: Gauge, pools: WatchedPools) {
      pools.read((context, pool) => this.set({ context }, figureOf(pool)));
    },
  });
}

export const poolMetricProviders = [
  WatchedPools,
  makeGaugeProvider({
    name: 'database_pool_connections',
    help: 'Connections to the database of a context, by whether they are in use',
    labelNames: ['context', 'state'],
    inject: [WatchedPools],
    collect(this: Gauge, pools: WatchedPools) {
      pools.read((context, { total, idle }) => {
        this.set({ context, state: 'idle' }, idle);
        this.set({ context, state: 'busy' }, total - idle);
      });
    },
  }),
  figureOfContext(
    'database_pool_max_connections',
    'Connections that a context may have at most',
    ({ max }) => max,
  ),
  figureOfContext(
    'database_pool_waiting',
    'Statements and transactions that wait for a connection',
    ({ waiting }) => waiting,
  ),
];
