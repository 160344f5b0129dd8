import { Injectable } from '@nestjs/common';
import { ContextError } from '@fissile/kit/contract';
import { Database, type Transaction } from '@fissile/kit/database';
import { Outbox } from '@fissile/kit/messaging';
import { SlotsHeld } from '../beta.events.js';
import type { Slot } from '../generated/beta/beta.js';

export interface SlotState {
  readonly id: string;
  readonly capacity: number;
  readonly taken: number;
}

/** The slots and their holders: each run at most once. */
@Injectable()
export class SlotStore {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  async open(id: string, capacity: number): Promise<void> {
    const sql =
      'INSERT INTO slots (id, capacity) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET capacity = $2';
    await this.database.query(sql, [id, capacity]);
  }

  /** @throws ContextError not_found */
  async get(id: string): Promise<SlotState> {
    const sql = 'SELECT id, capacity, taken FROM slots WHERE id = $1';
    const [slot] = await this.database.query<SlotState>(sql, [id]);
    if (!slot) throw ContextError.of('not_found');
    return slot;
  }

  /** @throws ContextError slot_full, run_released */
  async hold(runId: string, slots: readonly Slot[]): Promise<void> {
    await this.database.transaction(async (transaction) => {
      if (!(await insert(transaction, runId, 'held', slots))) {
        if ((await stateOf(transaction, runId)) === 'released') throw ContextError.of('run_released');
        return;
      }
      for (const { slotId, count } of slots) await take(transaction, slotId, count);
      this.outbox.add(transaction, SlotsHeld, { runId, slots: [...slots] });
    });
  }

  async release(runId: string): Promise<void> {
    await this.database.transaction(async (transaction) => {
      // A later call to hold finds the row, and is refused.
      if (await insert(transaction, runId, 'released', [])) return;
      const sql = `UPDATE held SET state = 'released' WHERE run_id = $1 AND state = 'held' RETURNING slots`;
      const [released] = await transaction.query<{ slots: Slot[] }>(sql, [runId]);
      for (const { slotId, count } of released?.slots ?? []) {
        await transaction.query('UPDATE slots SET taken = taken - $2 WHERE id = $1', [slotId, count]);
      }
    });
  }

  async heldBy(runId: string): Promise<Slot[]> {
    const sql = `SELECT slots FROM held WHERE run_id = $1 AND state = 'held'`;
    const [row] = await this.database.query<{ slots: Slot[] }>(sql, [runId]);
    return row?.slots ?? [];
  }
}

/** False when the run is already known. */
async function insert(
  transaction: Transaction,
  runId: string,
  state: 'held' | 'released',
  slots: readonly Slot[],
): Promise<boolean> {
  const sql = `INSERT INTO held (run_id, state, slots) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING run_id`;
  return (await transaction.query(sql, [runId, state, JSON.stringify(slots)])).length === 1;
}

async function stateOf(transaction: Transaction, runId: string): Promise<string | undefined> {
  const sql = 'SELECT state FROM held WHERE run_id = $1';
  const [row] = await transaction.query<{ state: string }>(sql, [runId]);
  return row?.state;
}

async function take(transaction: Transaction, slotId: string, count: number): Promise<void> {
  const sql = 'UPDATE slots SET taken = taken + $2 WHERE id = $1 AND taken + $2 <= capacity RETURNING id';
  const taken = await transaction.query(sql, [slotId, count]);
  if (taken.length === 0) throw ContextError.of('slot_full', undefined, { slotId });
}
