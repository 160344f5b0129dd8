import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { Database, type Transaction } from '@fissile/kit/database';
import { cutPage } from '@fissile/kit/http';
import { type PersonalDataPage, PersonalRecords } from '@fissile/kit/operations';
import type { Invoice } from '../domain/invoice.js';
import { InvoiceEntity } from './invoice.entity.js';

const EXPORTED_PER_PAGE = 100;

@Injectable()
export class InvoiceRepository extends PersonalRecords {
  constructor(private readonly database: Database) {
    super();
  }

  /** Returns false when there is one with this id. */
  async insert(
    transaction: Transaction,
    { id, userId, note, amountMinor, status }: Invoice,
  ): Promise<boolean> {
    const inserted = await transaction.query(
      `INSERT INTO "billing" (id, user_id, note, amount_minor, status, created_at)
       VALUES ($1, $2, $3, $4, $5, now()) ON CONFLICT (id) DO NOTHING RETURNING id`,
      [id, userId, note, amountMinor, status],
    );
    return inserted.length > 0;
  }

  async refund(transaction: Transaction, id: string): Promise<void> {
    await transaction.query(`UPDATE "billing" SET status = 'refunded' WHERE id = $1 AND status = 'paid'`, [
      id,
    ]);
  }

  async find(id: string): Promise<Invoice | undefined> {
    return (await this.database.repository(InvoiceEntity).findOneBy({ id })) ?? undefined;
  }

  /** Of one user, newest first. */
  list(userId: string, limit: number, olderThan?: string): Promise<Invoice[]> {
    return this.database.repository(InvoiceEntity).find({
      where: { userId, ...(olderThan && { id: LessThan(olderThan) }) },
      order: { id: 'DESC' },
      take: limit,
    });
  }

  /** What is exported of a user. contracts/billing says it in words. */
  async exportPerson(userId: string, olderThan: string | undefined): Promise<PersonalDataPage> {
    const found = await this.list(userId, EXPORTED_PER_PAGE + 1, olderThan);
    const { items: billing, next: nextCursor } = cutPage(found, EXPORTED_PER_PAGE, ({ id }) => id);
    return { records: { billing }, nextCursor };
  }

  /** The books need the invoices, which name the user by an id alone. */
  async forgetPerson(userId: string): Promise<void> {
    await this.database.repository(InvoiceEntity).update({ userId }, { note: '' });
  }
}
