import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { BIGINT_AS_NUMBER } from '@fissile/kit/database';
import { v7 as uuidv7 } from 'uuid';
import { Shop } from '../../test/harness/shop.js';
import { until } from '@fissile/kit/testing';
import { productionSettings } from '../fissile.js';
import { percentile, type Round } from '../figures.js';
import { watchUsage } from '../usage.js';

const INSERT = `
  INSERT INTO outbox (event_id, type, key, envelope)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[])`;
const TIMEOUT_MS = 120_000;

/** A shop whose events go from one context, users, to another, notifications, over one bus. */
export class EventFlow {
  private constructor(
    readonly name: string,
    private readonly shop: Shop,
    private readonly users: pg.Client,
    private readonly notifications: pg.Client,
  ) {}

  /** @param cwd the folder with the topology */
  static async start(name: string, env: Readonly<Record<string, string>>, cwd: string): Promise<EventFlow> {
    const shop = await Shop.start({ env: { ...productionSettings(), ...env }, cwd });
    const connect = async (context: string): Promise<pg.Client> => {
      const url = new URL(shop.databaseServerUrl);
      url.pathname = `/${shop.databasePrefix}_${context}`;
      const client = new pg.Client({ connectionString: url.href, types: BIGINT_AS_NUMBER });
      await client.connect();
      return client;
    };
    return new EventFlow(name, shop, await connect('users'), await connect('notifications'));
  }

  /**
   * One round: many events at once, which measures throughput and CPU; then single ones, which measures the lag.
   * @param perSecond how many single events
   */
  async run(events: number, perSecond: number, seconds: number): Promise<Round> {
    const usage = watchUsage(this.shop.allPids());
    const many = await this.add(events);
    await this.settles(many);
    const { cpuSeconds, peakMemory } = usage();
    const drained = await this.timesOf(many);
    const startedAt = Math.min(...drained.map(({ committedAt }) => committedAt));
    const endedAt = Math.max(...drained.map(({ handledAt }) => handledAt));
    const lags = await this.measureLags(perSecond, seconds);
    return {
      throughput: (events * 1_000) / (endedAt - startedAt),
      p50: percentile(lags, 0.5),
      p99: percentile(lags, 0.99),
      cpu: (cpuSeconds * 1_000_000) / events,
      memory: peakMemory,
    };
  }

  /** The prefix of names on a broker. */
  get prefix(): string {
    return this.shop.databasePrefix;
  }

  output(): string {
    return this.shop.output;
  }

  async stop(): Promise<void> {
    await Promise.all([this.users.end(), this.notifications.end()]);
    await this.shop.close();
  }

  private async measureLags(perSecond: number, seconds: number): Promise<number[]> {
    const single: string[] = [];
    const startedAt = performance.now();
    for (let count = 0; count < perSecond * seconds; count += 1) {
      await pause(Math.max(0, startedAt + (count * 1_000) / perSecond - performance.now()));
      single.push(...(await this.add(1)));
    }
    await this.settles(single);
    const lags = (await this.timesOf(single)).map(({ committedAt, handledAt }) => handledAt - committedAt);
    return lags.sort((one, other) => one - other);
  }

  /** Writes events in one commit, and notifies the relay as a process of the shop would. Returns their ids. */
  private async add(count: number): Promise<string[]> {
    const envelopes = Array.from({ length: count }, () => envelopeOf(randomUUID()));
    const ids = envelopes.map(({ id }) => id);
    await this.users.query(INSERT, [
      ids,
      envelopes.map(({ type }) => type),
      envelopes.map(({ subject }) => subject),
      envelopes.map((envelope) => JSON.stringify(envelope)),
    ]);
    await this.users.query(`NOTIFY outbox, 'benchmark'`);
    return ids;
  }

  /** Waits until all are handled, and no work that they caused is running. */
  private async settles(ids: readonly string[]): Promise<void> {
    const isDone = async (): Promise<boolean> => {
      const { rows } = await this.notifications.query<{ handled: number; pending: number }>(
        `SELECT (SELECT count(*)::integer FROM inbox WHERE event_id = ANY($1)) AS handled,
           (SELECT count(*)::integer FROM notifications WHERE status = 'pending') AS pending`,
        [ids],
      );
      return rows[0]?.handled === ids.length && rows[0].pending === 0;
    };
    await until(`${this.name} has handled all events`, isDone, TIMEOUT_MS);
    await until(`${this.name} has published all events`, async () => {
      const { rowCount } = await this.users.query('SELECT FROM outbox WHERE published_at IS NULL LIMIT 1');
      return rowCount === 0;
    });
  }

  /** The start times of their transactions, in milliseconds of the database server's clock. */
  private async timesOf(ids: readonly string[]): Promise<{ committedAt: number; handledAt: number }[]> {
    type Row = { id: string; at: number };
    const read = async (client: pg.Client, table: string, column: string): Promise<Row[]> => {
      const sql = `SELECT event_id AS id, (1000 * extract(epoch FROM ${column}))::float8 AS at FROM ${table}
        WHERE event_id = ANY($1) ORDER BY event_id`;
      return (await client.query<Row>(sql, [ids])).rows;
    };
    const committed = await read(this.users, 'outbox', 'created_at');
    const handled = await read(this.notifications, 'inbox', 'handled_at');
    return committed.map(({ at }, index) => ({
      committedAt: at,
      handledAt: handled[index]?.at ?? Number.NaN,
    }));
  }
}

function envelopeOf(userId: string) {
  return {
    specversion: '1.0',
    id: uuidv7(),
    source: '/users',
    type: 'users.registered.v1',
    subject: userId,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: { userId, email: `${userId}@customers.example`, name: 'A Customer' },
  };
}
