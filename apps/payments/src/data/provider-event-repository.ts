import { Injectable } from '@nestjs/common';
import { CleanUp, Database, type Transaction } from '@fissile/kit/database';

/** Providers repeat a notice for some days at most. */
const KEPT_DAYS = 30;

/** The notices of the provider that have been handled. */
@Injectable()
export class ProviderEventRepository {
  constructor(private readonly database: Database) {}

  async isHandled(id: string): Promise<boolean> {
    const rows = await this.database.query('SELECT 1 FROM provider_events WHERE id = $1', [id]);
    return rows.length === 1;
  }

  /** Returns false when it was handled before. */
  async markHandled(transaction: Transaction, id: string): Promise<boolean> {
    const rows = await transaction.query(
      'INSERT INTO provider_events (id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING id',
      [id],
    );
    return rows.length === 1;
  }
}

/** The token of what deletes the ids of notices that are too old. */
export const OldProviderEvents = Symbol('OldProviderEvents');

export function oldProviderEvents(database: Database): CleanUp {
  return new CleanUp('events of the payment provider', database, [
    { table: 'provider_events', since: 'received_at', days: KEPT_DAYS },
  ]);
}
