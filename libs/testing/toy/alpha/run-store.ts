import { Injectable } from '@nestjs/common';
import { ContextError } from '@fissile/kit/contract';
import { Database, type Transaction } from '@fissile/kit/database';
import type { Slot } from '../generated/beta/beta.js';

export interface Run {
  readonly id: string;
  readonly slots: readonly Slot[];
  readonly state: 'running' | 'done' | 'undone';
  /** The code of the error with which it failed. */
  readonly reason: string | null;
}

@Injectable()
export class RunStore {
  constructor(private readonly database: Database) {}

  async insert(transaction: Transaction, id: string, slots: readonly Slot[]): Promise<void> {
    await transaction.query(`INSERT INTO runs (id, slots, state) VALUES ($1, $2, 'running')`, [
      id,
      JSON.stringify(slots),
    ]);
  }

  async end(transaction: Transaction, { id, state, reason }: Omit<Run, 'slots'>): Promise<void> {
    await transaction.query('UPDATE runs SET state = $2, reason = $3 WHERE id = $1', [id, state, reason]);
  }

  /** @throws ContextError run_not_found */
  async get(id: string): Promise<Run> {
    const [run] = await this.database.query<Run>('SELECT id, slots, state, reason FROM runs WHERE id = $1', [
      id,
    ]);
    if (!run) throw ContextError.of('run_not_found');
    return run;
  }
}
