import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, In, LessThan } from 'typeorm';
import { Database, type Transaction } from '#libs/database';
import type { Payment, PaymentStatus } from '../domain/payment.js';
import { PaymentEntity, RefundEntity } from './payment.entity.js';

const INSERT = `
  INSERT INTO payments
    (id, order_id, user_id, amount_minor, currency, method, status, reference, decline_reason, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
  ON CONFLICT ON CONSTRAINT payments_order_once DO NOTHING
  RETURNING id`;

/** A payment that was given up before it was charged is no payment to those who look. */
const SHOWN: PaymentStatus[] = ['pending', 'captured', 'declined', 'refunded', 'unknown'];

export interface PaymentFilter {
  readonly userId?: string | undefined;
  readonly orderId?: string | undefined;
  readonly olderThan?: string | undefined;
}

@Injectable()
export class PaymentRepository {
  constructor(private readonly database: Database) {}

  /** False when the order has a payment already. */
  async insert(transaction: Transaction, payment: Payment): Promise<boolean> {
    const {
      id,
      orderId,
      userId,
      amountMinor,
      currency,
      method,
      status,
      reference,
      declineReason,
      createdAt,
    } = payment;
    const rows = await transaction.query(INSERT, [
      ...[
        id,
        orderId,
        userId === '' ? null : userId,
        amountMinor,
        currency,
        method,
        status,
        reference,
        declineReason,
      ],
      createdAt,
    ]);
    return rows.length === 1;
  }

  async setStatus(
    transaction: Transaction,
    id: string,
    status: PaymentStatus,
    outcome: { reference?: string; declineReason?: string } = {},
  ): Promise<void> {
    await transaction.repository(PaymentEntity).update({ id }, { status, ...outcome });
  }

  async findByOrder(orderId: string): Promise<Payment | undefined> {
    return this.first(await this.read({ orderId }, 1));
  }

  async find(id: string): Promise<Payment | undefined> {
    return this.first(await this.read({ id, status: In(SHOWN) }, 1));
  }

  /** Newest first. */
  list({ userId, orderId, olderThan }: PaymentFilter, limit: number): Promise<Payment[]> {
    const where = {
      status: In(SHOWN),
      ...(userId && { userId }),
      ...(orderId && { orderId }),
      ...(olderThan && { id: LessThan(olderThan) }),
    };
    return this.read(where, limit);
  }

  /** Reads a payment that is about to change, and keeps others from changing it until the transaction ends. */
  async lock(transaction: Transaction, id: string): Promise<Payment | undefined> {
    const entity = await transaction
      .repository(PaymentEntity)
      .findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
    if (!entity) return undefined;
    const refunds = await transaction
      .repository(RefundEntity)
      .find({ where: { paymentId: id }, order: { id: 'ASC' } });
    return toPayment({ ...entity, refunds });
  }

  private async read(where: FindOptionsWhere<PaymentEntity>, limit: number): Promise<Payment[]> {
    const entities = await this.database.repository(PaymentEntity).find({
      where,
      relations: { refunds: true },
      order: { id: 'DESC' },
      take: limit,
      relationLoadStrategy: 'query',
    });
    return entities.map(toPayment);
  }

  private first(payments: Payment[]): Payment | undefined {
    return payments[0];
  }
}

function toPayment(entity: PaymentEntity): Payment {
  const refunds = [...entity.refunds].sort((one, other) => (one.id < other.id ? -1 : 1));
  return { ...entity, userId: entity.userId ?? '', refunds };
}
