import { Injectable } from '@nestjs/common';
import {
  Database,
  type MadeBetween,
  type PageOfRows,
  RowSearch,
  type Transaction,
} from '@fissile/kit/database';
import type { SagaRecord, SagaStatus } from './saga-record.js';
import { SagaSettings } from '../saga.settings.js';
import { fromStored, toStored } from './timeline.js';

const COLUMNS = `id, name, version, subject, status, position, data, failure, timeline, attempts, fence, waiting,
  abort_requested AS "abortRequested", origin, created_at AS "createdAt", updated_at AS "updatedAt"`;

/**
 * Writes only while this owner's fencing token is the current one, and changes it: an owner that does not know
 * whether its last write was committed must not overwrite it with its state in memory.
 */
const SAVE = `
  UPDATE sagas
  SET fence = sagas.fence + 1, status = saga.status, position = saga.position, data = saga.data,
      failure = saga.failure, timeline = saga.timeline, attempts = saga.attempts, waiting = saga.waiting,
      due_at = coalesce((saga.waiting ->> 'until')::timestamptz, now() + saga."pauseMs" * interval '1 millisecond'),
      lease_until = now() + CASE WHEN saga.waiting IS NULL THEN $2 ELSE -1 END * interval '1 millisecond',
      updated_at = now()
  FROM jsonb_to_recordset($1) AS saga (
    id uuid, status text, position integer, data jsonb, failure jsonb, timeline jsonb, attempts integer, fence bigint,
    waiting jsonb, "pauseMs" double precision)
  WHERE sagas.id = saga.id AND sagas.fence = saga.fence
  RETURNING sagas.id, sagas.fence, sagas.abort_requested AS "abortRequested"`;

/** Takes over sagas whose lease has expired. The new fencing token locks the former owner out. */
const CLAIM = `
  UPDATE sagas SET fence = fence + 1, lease_until = now() + $3 * interval '1 millisecond'
  WHERE id IN (
    SELECT id FROM sagas
    WHERE status IN ('running', 'compensating') AND lease_until < now() AND due_at <= now()
      AND name || ':' || version = ANY($1)
    ORDER BY lease_until LIMIT $2 FOR UPDATE SKIP LOCKED)
  RETURNING ${COLUMNS}`;

/** Locked rows are being saved, which renews their leases too; waiting for them could cause a deadlock. */
const RENEW = `
  UPDATE sagas SET lease_until = now() + $3 * interval '1 millisecond'
  WHERE id IN (
    SELECT sagas.id FROM sagas
    JOIN unnest($1::uuid[], $2::bigint[]) AS owned (id, fence) ON sagas.id = owned.id AND sagas.fence = owned.fence
    FOR UPDATE OF sagas SKIP LOCKED)`;

const INSERT = `
  INSERT INTO sagas (id, name, version, subject, status, position, data, failure, timeline, origin, lease_until)
  SELECT id, name, version, subject, status, position, data, failure, timeline, origin, now() + $2 * interval '1 millisecond'
  FROM jsonb_to_recordset($1) AS saga (
    id uuid, name text, version integer, subject text, status text, position integer, data jsonb, failure jsonb,
    timeline jsonb, origin jsonb)`;

/** Constants, because PostgreSQL can use a partial index by status only when it knows the status at planning time. */
const HAS_STATUS: Readonly<Record<SagaStatus, string>> = {
  running: `status = 'running'`,
  compensating: `status = 'compensating'`,
  completed: `status = 'completed'`,
  compensated: `status = 'compensated'`,
};

/** Which sagas an operator looks for: whatever is here must fit. */
export interface SagaFilter extends MadeBetween {
  readonly status?: SagaStatus | undefined;
  readonly name?: string | undefined;
  /** The id of the saga, or of what it is about. */
  readonly id?: string | undefined;
}

export type SagaAction = 'retry' | 'abort';

/** Asked for twice, an action has nothing left to do: what waits is due, and what is to be aborted is marked. */
const IS_OPEN_TO: Readonly<Record<SagaAction, string>> = {
  retry: `status IN ('running', 'compensating') AND due_at > now() AND waiting IS NULL`,
  abort: `status = 'running' AND NOT abort_requested`,
};

/** For the first process that polls, whoever had it. $2 says whether it is to be aborted. */
const MAKE_DUE = `
  UPDATE sagas
  SET due_at = now(), lease_until = now() - interval '1 second', fence = fence + 1,
      abort_requested = abort_requested OR $2`;

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

function searchOf({ status, name, id, ...made }: SagaFilter): RowSearch {
  return new RowSearch()
    .whereTrue(status && HAS_STATUS[status])
    .whereIndexed(name, 'name', 'text')
    .where(id, (of) =>
      UUID.test(id ?? '') ? `(id = ${of}::text::uuid OR subject = ${of}::text)` : `subject = ${of}`,
    )
    .made(made);
}

type Saved = Pick<SagaRecord, 'id' | 'fence' | 'abortRequested'>;

/** The saga has changed since this process last saved or read it, so this process must not change it any more. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/**
 * The sagas of a context, in its own database. An owner keeps a saga for SAGA_LEASE_MS after the last renewal of its
 * lease; then any process of the context may take it over.
 */
@Injectable()
export class SagaStore {
  constructor(
    private readonly database: Database,
    private readonly settings: SagaSettings,
  ) {}

  insert(transaction: Transaction, sagas: readonly SagaRecord[]): void {
    const rows = sagas.map((saga) => ({ ...saga, timeline: toStored(saga.timeline) }));
    transaction.queue(INSERT, [toJson(rows), this.settings.SAGA_LEASE_MS]);
  }

  /**
   * Saves the saga's progress and renews its lease; a waiting saga is released, to be claimed by the first process
   * that polls when it is due.
   * @param pauseMs how long no poll needs to find it.
   * @returns the saga as it is now: with its next fencing token, and whether an operator has requested compensation.
   * @throws LeaseLost
   */
  async save(
    saga: SagaRecord,
    pauseMs = 0,
    within: Database | Transaction = this.database,
  ): Promise<SagaRecord> {
    const rows = await within.query<Saved>(SAVE, this.changesOf([saga], pauseMs));
    return asSaved(saga, rows);
  }

  /**
   * Saves sagas with the transaction's commit, which rejects with LeaseLost when another process now owns one of
   * them.
   * @returns a function that returns them as they were saved, in the same order, once the transaction is committed
   */
  saveWith(transaction: Transaction, sagas: readonly SagaRecord[]): () => SagaRecord[] {
    let saved: SagaRecord[] = [];
    transaction.queue<Saved>(SAVE, this.changesOf(sagas, 0), (rows) => {
      saved = sagas.map((saga) => asSaved(saga, rows));
    });
    return () => saved;
  }

  private async read(sql: string, values: readonly unknown[]): Promise<SagaRecord[]> {
    const rows = await this.database.query<SagaRecord>(sql, [...values]);
    return rows.map((saga) => ({ ...saga, timeline: fromStored(saga.timeline) }));
  }

  private changesOf(sagas: readonly SagaRecord[], pauseMs: number): unknown[] {
    const changes = sagas.map(
      ({ id, status, position, data, failure, timeline, attempts, fence, waiting }) => ({
        id,
        status,
        position,
        data,
        failure,
        timeline: toStored(timeline),
        attempts,
        fence,
        waiting,
        pauseMs,
      }),
    );
    return [toJson(changes), this.settings.SAGA_LEASE_MS];
  }

  /** @param definitions `name:version` of those that this process can run. */
  claim(definitions: readonly string[], limit: number): Promise<SagaRecord[]> {
    return this.read(CLAIM, [definitions, limit, this.settings.SAGA_LEASE_MS]);
  }

  async renew(owned: readonly Pick<SagaRecord, 'id' | 'fence'>[]): Promise<void> {
    if (owned.length === 0) return;
    await this.database.query(RENEW, [
      owned.map(({ id }) => id),
      owned.map(({ fence }) => fence),
      this.settings.SAGA_LEASE_MS,
    ]);
  }

  /** Releases sagas at once, so that another process need not wait for their leases to expire. */
  async release(owned: readonly Pick<SagaRecord, 'id' | 'fence'>[]): Promise<void> {
    if (owned.length === 0) return;
    await this.database.query(
      `UPDATE sagas SET lease_until = now() - interval '1 second'
       FROM unnest($1::uuid[], $2::bigint[]) AS owned (id, fence)
       WHERE sagas.id = owned.id AND sagas.fence = owned.fence`,
      [owned.map(({ id }) => id), owned.map(({ fence }) => fence)],
    );
  }

  async find(id: string): Promise<SagaRecord | undefined> {
    const [saga] = await this.read(`SELECT ${COLUMNS} FROM sagas WHERE id = $1`, [id]);
    return saga;
  }

  /** The sagas of a subject, oldest first. */
  bySubject(subject: string): Promise<SagaRecord[]> {
    return this.read(`SELECT ${COLUMNS} FROM sagas WHERE subject = $1 ORDER BY id`, [subject]);
  }

  /** @returns how many sagas of the subjects have not ended, and stay */
  async deleteEnded(transaction: Transaction, subjects: readonly string[]): Promise<number> {
    await transaction.query(
      `DELETE FROM sagas WHERE subject = ANY($1) AND status IN ('completed', 'compensated')`,
      [subjects],
    );
    const [row] = await transaction.query<{ count: number }>(
      'SELECT count(*)::integer AS count FROM sagas WHERE subject = ANY($1)',
      [subjects],
    );
    return row?.count ?? 0;
  }

  /** Newest first, unless the page says otherwise. */
  search(page: PageOfRows, filter: SagaFilter): Promise<SagaRecord[]> {
    const search = searchOf(filter);
    return this.read(`SELECT ${COLUMNS} FROM sagas ${search.page(page)}`, search.values);
  }

  /** How many fit, 5,000 at most. */
  async count(filter: SagaFilter): Promise<number> {
    const search = searchOf(filter);
    const [row] = await this.database.query<{ count: number }>(search.counting('sagas'), search.values);
    return row?.count ?? 0;
  }

  /** The ids of those on which the action has an effect, oldest first. */
  async idsFor(action: SagaAction, filter: SagaFilter, limit: number): Promise<string[]> {
    const search = searchOf(filter).whereTrue(IS_OPEN_TO[action]);
    const rows = await this.database.query<{ id: string }>(
      `SELECT id FROM sagas ${search.page({ limit, oldestFirst: true })}`,
      search.values,
    );
    return rows.map(({ id }) => id);
  }

  /** As makeDue() for several. @returns the ids of those on which it has an effect, which are the first time all */
  async makeAllDue(transaction: Transaction, ids: readonly string[], action: SagaAction): Promise<string[]> {
    const rows = await transaction.query<{ id: string }>(
      `${MAKE_DUE} WHERE id = ANY($1) AND ${IS_OPEN_TO[action]} RETURNING id`,
      [ids, action === 'abort'],
    );
    return rows.map(({ id }) => id);
  }

  /** Makes a waiting saga due now, for the first process that polls. False when it has ended. */
  async makeDue(transaction: Transaction, id: string, options: { abort: boolean }): Promise<boolean> {
    const rows = await transaction.query(
      `${MAKE_DUE} WHERE id = $1 AND status IN ('running', 'compensating') RETURNING 1`,
      [id, options.abort],
    );
    return rows.length === 1;
  }
}

/** @throws LeaseLost when it is not among the rows */
function asSaved(saga: SagaRecord, rows: readonly Saved[]): SagaRecord {
  const row = rows.find(({ id }) => id === saga.id);
  if (row) return { ...saga, ...row };
  throw new LeaseLost(`saga ${saga.id} belongs to another process, or is further than this one knows`);
}

/** The driver converts an array to a PostgreSQL array, so the value must already be text. */
function toJson(value: unknown): string {
  return JSON.stringify(value);
}
