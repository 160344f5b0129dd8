import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { ContextError } from '@fissile/kit/contract';
import { Database, type Transaction, violatesExclusion } from '@fissile/kit/database';
import { cutPage } from '@fissile/kit/http';
import { type PersonalDataPage, PersonalRecords } from '@fissile/kit/operations';
import type { Appointment } from '../domain/appointment.js';
import { AppointmentEntity } from './appointment.entity.js';

const EXPORTED_PER_PAGE = 100;

@Injectable()
export class AppointmentRepository extends PersonalRecords {
  constructor(private readonly database: Database) {
    super();
  }

  /** @throws ContextError slot_taken */
  async insert(transaction: Transaction, created: Appointment): Promise<void> {
    try {
      await transaction.repository(AppointmentEntity).insert(created);
    } catch (error) {
      throw violatesExclusion(error, 'no_doctor_is_booked_twice') ? ContextError.of('slot_taken') : error;
    }
  }

  async book(transaction: Transaction, id: string): Promise<void> {
    await transaction.query(`UPDATE "appointments" SET status = 'booked' WHERE id = $1`, [id]);
  }

  /** Its time is free again. */
  async cancel(transaction: Transaction, id: string, reason: string): Promise<void> {
    const sql = `UPDATE "appointments" SET status = 'cancelled', reason = $2 WHERE id = $1`;
    await transaction.query(sql, [id, reason]);
  }

  async find(id: string): Promise<Appointment | undefined> {
    return (await this.database.repository(AppointmentEntity).findOneBy({ id })) ?? undefined;
  }

  /** Of one user, newest first. */
  list(userId: string, limit: number, olderThan?: string): Promise<Appointment[]> {
    return this.database.repository(AppointmentEntity).find({
      where: { userId, ...(olderThan && { id: LessThan(olderThan) }) },
      order: { id: 'DESC' },
      take: limit,
    });
  }

  /** What is exported of a user. contracts/appointments says it in words. */
  async exportPerson(userId: string, olderThan: string | undefined): Promise<PersonalDataPage> {
    const found = await this.list(userId, EXPORTED_PER_PAGE + 1, olderThan);
    const { items: appointments, next: nextCursor } = cutPage(found, EXPORTED_PER_PAGE, ({ id }) => id);
    return { records: { appointments }, nextCursor };
  }

  async forgetPerson(userId: string): Promise<void> {
    await this.database.repository(AppointmentEntity).delete({ userId });
  }
}
